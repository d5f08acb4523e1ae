using System.Buffers;
using Messaging.Acks;
using Messaging.Audit;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Epochs;
using Messaging.Files;
using Messaging.Rosters;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Time;
using Messaging.Trust;
using Messaging.Twin;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Fuzz;

/// <summary>Valid values of everything, made with fixed keys.</summary>
internal static class Samples
{
    public static IdentityKey Device { get; } = IdentityKey.FromScalar(Scalar(1));

    public static IdentityKey Server { get; } = IdentityKey.FromScalar(Scalar(2));

    public static IdentityKey Root { get; } = IdentityKey.FromScalar(Scalar(3));

    public static HpkeKeyPair DeviceHpke { get; } = HpkeKeyPair.FromScalar(Scalar(4));

    public static HpkeKeyPair ServerHpke { get; } = HpkeKeyPair.FromScalar(Scalar(5));

    public static PrincipalId DeviceId { get; } = PrincipalId.FromIdentityKey(Device.Public);

    public static PrincipalId ServerId { get; } = PrincipalId.FromIdentityKey(Server.Public);

    public static EpochParameters EpochParameters { get; } = new(
        7, Boot(0x21), 123_456, 1_795_000_000_000, 3, Epoch(0x31), [new StreamSeq(StreamId.Metrics, 12), new StreamSeq(StreamId.Events, 1)]);

    public static EpochSender Sender { get; } = EpochSender.Open(
        Device, DeviceId, EpochParameters, [ServerHpke.Public], Epoch(0x41), Bytes(32, 0x51), static () => HpkeKeyPair.FromScalar(Scalar(6)));

    public static CommandContent Command { get; } = new(
        CommandOf(0x61), ServerId, 9, new CommandTarget(CommandTargetKind.Device, DeviceId, 3), 1_795_000_000_000, 1_795_000_600_000,
        new CommandFreshness(Boot(0x21), 600_000), Idempotent: true, CommandTypes.SetIntervals,
        new SetIntervalsArguments([new("cpu", TimeSpan.FromSeconds(2))]).Encode());

    public static IdentityKey Owner { get; } = IdentityKey.FromScalar(Scalar(11));

    public static RootContent FleetRoot { get; } = new(ServerId, 2, 1_794_000_000_000, new KeyRole(1, Root.Public), new KeyRole(1, Owner.Public));

    public static RosterContent Roster { get; } = new(
        ServerId, 2, 3, 1_795_000_000_000, 1_826_536_000_000,
        [
            new RosterPrincipal(ServerId, Server.Public, [], [Roles.Server]),
            new RosterPrincipal(PrincipalId.FromIdentityKey(Owner.Public), Owner.Public, [DeviceHpke.Public], [Roles.Operator, Roles.Owner], 1_826_536_000_000),
        ],
        new Policy([
            new PolicyRule([CommandTypes.Reboot, CommandTypes.RestartUnit], [Roles.Operator], 2, [new MaintenanceWindow(0b001_1111, 120, 90)]),
            new PolicyRule(["shell"], [], 1, []),
        ]),
        ["https://fleet.example"]);

    public static NoticeContent Notice { get; } = new(
        ServerId, ServerId, 1_795_000_000_001, 1_795_000_000_001, 2, 3, [ServerHpke.Public], ["mqtts://fleet.example:8883"], [Bytes(32, 0x71)]);

    public static TrustBundle Trust { get; } = new(
        [Messaging.Trust.FleetRoot.Sign(FleetRoot, Root)], Messaging.Rosters.Roster.Sign(Roster, Owner), ServerNotice.Sign(Server, Notice));

    public static EnrolmentToken Token { get; } = new(
        new Uri("https://fleet.example"), Trust.Roots[0].Fingerprint.ToArray(), Bytes(16, 0x81), Bytes(16, 0x91));

    public static IReadOnlyList<KeyValuePair<string, string>> Pairs { get; } = [new("host.name", "pi-7"), new("os.name", "Raspberry Pi OS ✓")];

    public static MetricBatch Metrics { get; } = new(
        Boot(0x21), 1_795_000_000_000, 90_000,
        [
            new MetricSeries("system.cpu.utilization", "1", MetricKind.Gauge, [], [new(30_000, 0.25), new(60_000, 0.5), new(90_000, double.NaN)]),
            new MetricSeries("system.network.io", "By", MetricKind.Counter, Pairs, [new(60_000, 123_456_789), new(90_000, 123_556_789)]),
            new MetricSeries("noise", "Cel", MetricKind.UpDownCounter, [], [new(30_000, -0.0), new(60_000, Math.PI), new(90_000, 1e300)]),
        ]);

    /// <summary>A batch that needs the definitions 4 and 9 of <see cref="KnownSeries"/>.</summary>
    public static SeriesBatch Series { get; } = new(
        null, 1_795_000_000_000, 90_000,
        [
            new SeriesEntry(5, new SeriesDefinition("system.memory.usage", "By", MetricKind.UpDownCounter, [new("state", "free")], 20), null),
            new SeriesEntry(6, KnownSeries(4)! with { Attributes = [new("mode", "idle")] }, 4),
            new SeriesEntry(SeriesBatch.MaxKept, new SeriesDefinition("noise", "Cel", MetricKind.Gauge, [], SeriesDefinition.RawScale), null),
        ],
        [
            new SeriesColumn(4, KnownSeries(4)!, [new(70_000, 0.25), new(80_000, 0.26), new(90_000, 0.24)]),
            new SeriesColumn(5, new SeriesDefinition("system.memory.usage", "By", MetricKind.UpDownCounter, [new("state", "free")], 20), [new(90_000, 1_048_576)]),
            new SeriesColumn(6, KnownSeries(4)! with { Attributes = [new("mode", "idle")] }, [new(70_000, 0.75), new(80_000, 0.5), new(90_000, -0.0)]),
            new SeriesColumn(9, KnownSeries(9)!, [new(70_000, 0), new(80_000, 0), new(90_000, 0)]),
            new SeriesColumn(SeriesBatch.MaxKept, new SeriesDefinition("noise", "Cel", MetricKind.Gauge, [], SeriesDefinition.RawScale), [new(90_000, Math.PI)]),
        ]);

    public static SeriesDefinition? KnownSeries(uint id) => id switch
    {
        4 => new SeriesDefinition("system.cpu.utilization", "1", MetricKind.Gauge, [new("mode", "user")], 4),
        9 => new SeriesDefinition("system.network.errors", "{error}", MetricKind.Counter, [], 0),
        _ => null,
    };

    public static SeriesRequest SeriesRequest { get; } = new(Epoch(0x41), [4, 9]);

    public static SeriesAnswer SeriesAnswer { get; } = new(Epoch(0x41), [new(4, KnownSeries(4)!)], [9]);

    public static LogBatch Logs { get; } = new(
        Boot(0x21), null, 90_000,
        [
            new LogEntry(1_795_000_000_000, 9, new LogSource(LogSourceKind.File, "/var/log/syslog"), "started ✓", []),
            new LogEntry(1_794_999_999_000, 17, new LogSource(LogSourceKind.Journal, "ssh.service"), "", Pairs),
        ],
        EarlierBoots: null);

    /// <summary>The same in version 2: times of boots.</summary>
    public static LogBatch DatedLogs { get; } = new(
        Boot(0x21), null, 90_000,
        [
            new LogEntry(3_600_500, 9, new LogSource(LogSourceKind.Journal, "kernel"), "the boot before", [], Boot: 1),
            new LogEntry(89_500, 9, new LogSource(LogSourceKind.File, "/var/log/syslog"), "started ✓", []),
            new LogEntry(89_000, 17, new LogSource(LogSourceKind.Journal, "ssh.service"), "", Pairs),
        ],
        EarlierBoots: [new BootTime(Boot(0x22), 1_794_990_000_000, 3_600_500)]);

    /// <summary>Version 1.</summary>
    public static EventBatch Events { get; } = new(null, [new DeviceEvent(null, "agent.started", 9, Pairs), new DeviceEvent(1, "x", 0, [])]);

    /// <summary>Version 2.</summary>
    public static EventBatch DatedEvents { get; } = new(
        new BootTime(Boot(0x21), null, 90_000), [new DeviceEvent(89_000, "agent.started", 9, Pairs), new DeviceEvent(0, "x", 0, [])]);

    public static TimeBeaconContent Beacon { get; } = new(1_795_000_000_000, DeviceId, Boot(0x21), 123_456);

    public static ChainId Chain { get; } = new(0xc1c1c1c1);

    public static LoggedEntry LoggedEntry { get; } = new()
    {
        LogId = Chain,
        Number = 2,
        Previous = Bytes(32, 0xc2),
        UnixMs = 1_795_000_000_000,
        ActorKind = "operator",
        ActorId = "7",
        Actor = "Zoë",
        Action = "command.create",
        Target = "devices/1/commands/2",
        Outcome = "ok",
        Address = "192.0.2.1",
        Details = "ping ✓",
    };

    public static Execution Execution { get; } = new()
    {
        CommandId = Command.Id,
        Digest = Messaging.Audit.Execution.DigestOf(Command),
        Issuer = Command.IssuerId,
        Type = Command.Type,
        State = CommandState.Done,
        UnixMs = 1_795_000_000_000,
    };

    public static ExecutionBatch Executions { get; } = new()
    {
        Device = DeviceId,
        Chain = Chain,
        First = 3,
        Previous = Bytes(32, 0xc3),
        Entries = [Execution, new() { CommandId = Command.Id, Digest = Bytes(32, 0xc4), Issuer = Command.IssuerId, Type = "", State = CommandState.Rejected }],
        Witnessed = [new Witnessed(Chain, 2, Bytes(32, 0xc5))],
        UnixMs = 1_795_000_000_001,
    };

    public static TimeRequest TimeRequest { get; } = new(Boot(0x21), 123_999, true, new BeaconSeen(1_795_000_000_000, 123_456, 123_900));

    public static DeviceInfo Info { get; } = new(Pairs, [new("cpu", TimeSpan.FromSeconds(10))], [CommandTypes.Ping], ["backup"], ["ssh.service"]);

    public static FileManifest File { get; } = new(
        new TransferId(0xb1b1b1b1), 65_537, 32_768, Bytes(32, 0xb2), "Foto ✓.jpg", "image/jpeg", 1_795_000_000_000, Pairs);

    public static CommandReport Report { get; } = new(
        Command.Id, 2, CommandState.Done, 1_795_000_000_000, 1000, -1, "done", Bytes(5, 0xa1), OutputTruncated: false);

    public static CommandOutput[] Output { get; } =
    [
        new(Command.Id, 0, OutputSource.Output, Bytes(5, 0xa2), null),
        new(Command.Id, 70_000, OutputSource.Error, Bytes(300, 0xa3), null),
        new(Command.Id, 5, OutputSource.Output, default, 5_000_000_000),
    ];

    public static DesiredState Desired { get; } = new(
        7,
        [new("Intervals:cpu", "30s"), new("Uplink:MetricsFlush", "2m")],
        [new("/etc/my-app/app.conf", 0x1a4, "a=1\n"u8.ToArray())],
        ["my-app.service"],
        [new("mode", AppValue.Of("auto")!), new("on", AppValue.Of(true)), new("pump.speed", AppValue.Of(-2.5)!)]);

    public static TwinReport Twin { get; } = new(
        12,
        7,
        Bytes(32, 0xb1),
        1_795_000_000_000,
        [
            new(PropertyKind.Setting, "Intervals:cpu", PropertyState.Converged, 0, null, "", null),
            new(PropertyKind.File, "/etc/my-app/app.conf", PropertyState.Drifted, 2, 600_000, "its content is another", null),
            new(PropertyKind.Unit, "my-app.service", PropertyState.Failed, 0, null, "systemd says: failed", null),
            new(PropertyKind.App, "pump.speed", PropertyState.Converging, 0, 120_000, "waits for a program to report it", AppValue.Of(3)),
        ]);

    public static RunLimits Limits { get; } = new(90, 64 << 20, 32, 500, 1 << 20);

    public static PackagesArguments Packages { get; } = new(
        PackageAction.Install, [Package("my-app=2:1.0~rc1-1+b2"), Package("g++")], allowDowngrade: true, withRecommends: false, new RunLimits(90, null, null, null, 1 << 20));

    public static UpdateArguments Update { get; } = new()
    {
        Target = "releases/messaging-agent-1.4.0+b2-linux-arm64",
        Length = 11_534_336,
        Sha256 = Bytes(32, 0xd1),
        Key = Bytes(32, 0xd2),
        Mirrors = ["https://mirror.example/fleet/"],
        Seconds = 86_400,
        SpreadSeconds = 3600,
    };

    public static UpdateStatus UpdateStatus { get; } = new()
    {
        CommandId = Command.Id,
        ReportNo = 12,
        State = UpdateState.Downloading,
        UnixMs = 1_795_000_000_000,
        DeadlineMs = 86_400_000,
        Done = 1_048_576,
        Total = 11_534_336,
        Detail = "from https://mirror.example ✓",
    };

    public static UpdateReceipt UpdateReceipt { get; } = new()
    {
        Device = DeviceId,
        CommandId = Command.Id,
        Kind = "agent",
        Name = "messaging-agent",
        Version = "1.4.0",
        Counter = 12,
        Sha256 = Bytes(32, 0xd3),
        Outcome = UpdateState.Committed,
        BootId = Boot(0x21),
        UnixMs = 1_795_000_000_000,
        Before = "1.3.9",
    };

    public static AckRecord Ack { get; } = new(
        1_795_000_000_000, [new EpochAck(Epoch(0x41), [new StreamSeq(StreamId.Metrics, 12), new StreamSeq(StreamId.Logs, 0)])]);

    public static byte[] Record()
    {
        var output = new ArrayBufferWriter<byte>();
        Sender.Seal(StreamId.Metrics, RecordType.Metrics, "plaintext"u8, output, out _);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encoded(Action<IBufferWriter<byte>> encode)
    {
        var output = new ArrayBufferWriter<byte>();
        encode(output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Bytes(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    public static byte[] Scalar(byte value) => Bytes(32, value);

    public static EpochId Epoch(byte value) => EpochId.TryRead(Bytes(16, value), out var id) ? id : default;

    public static BootId Boot(byte value) => BootId.TryRead(Bytes(16, value), out var id) ? id : default;

    public static ChannelId Channel => ChannelId.TryRead(Bytes(16, 0x21), out var id) ? id : default;

    public static CommandId CommandOf(byte value) => CommandId.TryRead(Bytes(16, value), out var id) ? id : default;

    public static PackageReference Package(string text) => PackageReference.TryParse(text, out var package) ? package : throw new InvalidOperationException(text);
}
