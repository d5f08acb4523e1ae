using System.Buffers;
using System.Collections.Concurrent;
using Messaging.Acks;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Epochs;
using Messaging.Files;
using Messaging.Streams;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>Control as the fleet server would be it, in memory: opens, checks the window, keeps, acknowledges, commands.</summary>
internal sealed class FakeControl : IAsyncDisposable
{
    private readonly FakeFleet _fleet;
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Lock _gate = new();
    private readonly Dictionary<EpochId, (EpochReceiver Epoch, Dictionary<uint, ReplayWindow> Windows)> _epochs = [];
    private readonly SemaphoreSlim _changed = new(0);
    private ulong _directoryVersion;
    private ulong _downEpochNo = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private ulong _issuerSeq = (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    private EpochSender? _down;
    private EpochHeader? _newest;

    public FakeControl(FakeFleet fleet)
    {
        _fleet = fleet;
        fleet.Enrolled += request =>
        {
            Device = request;
            Identity = request.Identity;
            HpkeKey = request.HpkeKey;
        };
    }

    public EnrolRequest? Device { get; private set; }

    public IdentityPublicKey? Identity { get; set; }

    public HpkePublicKey? HpkeKey { get; set; }

    public bool Acknowledges { get; set; } = true;

    /// <summary>What arrives is lost.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Every record once, in the order of acceptance.</summary>
    public ConcurrentQueue<UpRecord> Records { get; } = new();

    /// <summary>What it says of files, asked or not: the receipts that a record is answered with.</summary>
    public Func<UpRecord, FileReceipt?>? Files { get; set; }

    /// <summary>What could not be opened.</summary>
    public ConcurrentQueue<string> Refused { get; } = new();

    public EpochHeader? Newest => _newest;

    public EpochSender? Down => _down;

    /// <summary>What has been stored survives a restart of control, as a database does.</summary>
    public async Task ConnectAsync()
    {
        _client.ApplicationMessageReceivedAsync += ReceiveAsync;
        var responder = new Responder(_fleet);
        var result = await _client.ConnectAsync(new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId("control")
            .WithTcpServer("localhost", _fleet.RelayPort)
            .WithTlsOptions(tls => tls.UseTls(_fleet.Url.StartsWith("https", StringComparison.Ordinal)).WithCertificateValidationHandler(seen =>
            {
                responder.Seen = System.Security.Cryptography.SHA256.HashData(((System.Security.Cryptography.X509Certificates.X509Certificate2)seen.Certificate!).PublicKey.ExportSubjectPublicKeyInfo());
                return true;
            }))
            .WithEnhancedAuthentication(RelayAuthentication.Method, responder.Hello.Encode())
            .WithEnhancedAuthenticationHandler(responder)
            .Build());
        Assert.Equal(MqttClientConnectResultCode.Success, result.ResultCode);
        await _client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder()
            .WithTopicFilter(Topics.UpFilter, MqttQualityOfServiceLevel.AtLeastOnce)
            .WithTopicFilter(Topics.DirectoryAck, MqttQualityOfServiceLevel.AtLeastOnce)
            .Build());
        await PublishDirectoryAsync(DirectoryStatus.Active);
    }

    public async Task PublishDirectoryAsync(DirectoryStatus status)
    {
        _directoryVersion++;
        DirectoryEntry[] entries = Device is null ? [] : [new DirectoryEntry(Device.DeviceId, Identity!.Point.ToArray(), status, [])];
        foreach (var (kind, part) in new[]
        {
            (DirectoryUpdateKind.SnapshotBegin, Array.Empty<DirectoryEntry>()),
            (DirectoryUpdateKind.SnapshotPart, entries),
            (DirectoryUpdateKind.SnapshotEnd, []),
        })
        {
            await PublishAsync(Topics.Directory, new DirectoryUpdate(_directoryVersion, kind, part).Encode());
        }
    }

    public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload) => _client.PublishAsync(new MqttApplicationMessage
    {
        Topic = topic,
        Payload = new ReadOnlySequence<byte>(payload),
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
    });

    /// <summary>Waits until something is true of what has arrived.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, int seconds = 30)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        while (!condition())
        {
            try
            {
                await _changed.WaitAsync(TimeSpan.FromMilliseconds(200), limit.Token);
                limit.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not within {seconds} s: {what}. Records: {string.Join(",", Records.Select(r => $"{r.Stream}/{r.Type}#{r.Seq}"))}; refused: {string.Join(",", Refused)}");
            }
        }
    }

    public Command MakeCommand(string type, byte[]? arguments = null, bool idempotent = true, Func<CommandContent, CommandContent>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var content = new CommandContent(
            CommandId.Generate(), _fleet.ServerId, ++_issuerSeq, new CommandTarget(CommandTargetKind.Device, Device!.DeviceId, 1), now, now + 60_000,
            null, idempotent, type, arguments ?? EmptyArguments.Encode());
        return Command.Sign(_fleet.Server, change?.Invoke(content) ?? content);
    }

    /// <summary>Fresh for the boot in which the device is.</summary>
    public CommandFreshness Fresh() => new(_newest!.Parameters.BootId, _newest.Parameters.UptimeMs + 3_600_000);

    public Task SendAsync(Command command) => SendAsync(StreamId.Commands, RecordType.Command, command.Bytes);

    public Task SendAsync(uint stream, uint type, ReadOnlyMemory<byte> content) => PublishAsync(Topics.Down(Device!.DeviceId), Seal(stream, type, content.Span));

    public byte[] Seal(uint stream, uint type, ReadOnlySpan<byte> content)
    {
        lock (_gate)
        {
            var output = new ArrayBufferWriter<byte>();
            _down!.Seal(stream, type, content, output, out _);
            return output.WrittenSpan.ToArray();
        }
    }

    public async Task<CommandReport> ResultAsync(CommandId id, params CommandState[] states)
    {
        CommandReport? found = null;
        await UntilAsync(() => (found = Reports(id).FirstOrDefault(report => states.Contains(report.State))) is not null, $"report {string.Join("|", states)} of {id}");
        return found!;
    }

    public IEnumerable<CommandReport> Reports(CommandId id) => Records.Where(record => record.Type == RecordType.CommandReport)
        .Select(record => CommandReport.TryDecode(record.Content, out var report) ? report : throw new InvalidDataException())
        .Where(report => report.CommandId == id);

    public async ValueTask DisposeAsync()
    {
        await _client.DisconnectAsync(new MqttClientDisconnectOptions());
        _client.Dispose();
    }

    private async Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs args)
    {
        if (IsDeaf || args.ApplicationMessage.Topic == Topics.DirectoryAck)
        {
            return;
        }

        var bytes = args.ApplicationMessage.Payload.ToArray();
        var answers = Take(bytes);
        foreach (var answer in answers)
        {
            await PublishAsync(Topics.Down(Device!.DeviceId), answer);
        }

        _changed.Release();
    }

    private List<byte[]> Take(byte[] bytes)
    {
        Assert.True(Frame.TryRead(bytes, out var frame));
        return frame.Kind == FrameKind.EpochOpen ? TakeEpoch(bytes) : TakeRecord(frame);
    }

    private List<byte[]> TakeEpoch(byte[] bytes)
    {
        if (!EpochReceiver.TryOpen(bytes, Identity!, Device!.DeviceId, [_fleet.Hpke], out var epoch, out var error))
        {
            Refused.Enqueue(error.ToString());
            return [];
        }

        lock (_gate)
        {
            if (_epochs.TryAdd(epoch.Id, (epoch, [])) || _down is null)
            {
                _newest = epoch.Header;
                _down = EpochSender.Open(
                    _fleet.Server, _fleet.ServerId,
                    new EpochParameters(++_downEpochNo, BootId.Generate(), 1, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), _fleet.Trust.Notice.Content.Number),
                    [HpkeKey!]);
                return [_down.OpenFrame.ToArray()];
            }
        }

        return [];
    }

    private List<byte[]> TakeRecord(in Frame frame)
    {
        var kid = frame.Kid;
        var (epoch, windows) = _epochs.Values.FirstOrDefault(item => item.Epoch.Id.Kid == kid);
        var content = new ArrayBufferWriter<byte>();
        if (epoch is null || !epoch.TryOpen(frame, content, out _))
        {
            Refused.Enqueue(epoch is null ? "unknown epoch" : "not authentic");
            return [];
        }

        if (!windows.TryGetValue(frame.StreamId, out var window))
        {
            windows.Add(frame.StreamId, window = new ReplayWindow());
        }

        UpRecord? record = null;
        if (window.Accept(frame.Seq))
        {
            record = new UpRecord(epoch.Id, frame.StreamId, frame.RecordType, frame.Seq, content.WrittenSpan.ToArray());
            Records.Enqueue(record);
        }

        if (frame.RecordType == RecordType.Gap && Gap.TryDecode(content.WrittenSpan, out var gap) && _epochs.TryGetValue(gap.EpochId, out var gapped))
        {
            if (!gapped.Windows.TryGetValue(gap.StreamId, out var hole))
            {
                gapped.Windows.Add(gap.StreamId, hole = new ReplayWindow());
            }

            hole.MarkGap(gap.FromSeq, gap.ToSeq);
        }

        if (!Acknowledges || frame.StreamId == StreamId.Volatile)
        {
            return [];
        }

        EpochAck[] acks = [.. _epochs.Values.Select(item => new EpochAck(
            item.Epoch.Id, [.. item.Windows.OrderBy(pair => pair.Key).Select(pair => new StreamSeq(pair.Key, pair.Value.CumulativeThrough))]))];
        var ack = Seal(StreamId.Control, RecordType.Ack, new AckRecord(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), acks).Encode());
        return record is not null && Files?.Invoke(record) is { } receipt ? [ack, Seal(StreamId.Control, RecordType.FileReceipt, receipt.Encode())] : [ack];
    }

    internal sealed record UpRecord(EpochId Epoch, uint Stream, uint Type, ulong Seq, byte[] Content);

    private sealed class Responder(FakeFleet fleet) : IMqttEnhancedAuthenticationHandler
    {
        public RelayHello Hello { get; } = RelayCredentials.CreateHello(fleet.ServerId);

        public byte[]? Seen { get; set; }

        public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs)
        {
            Assert.True(RelayChallenge.TryDecode(eventArgs.AuthenticationData, out var challenge));
            Assert.Equal(Seen, challenge.TlsSpkiSha256);
            return eventArgs.SendAsync(new SendMqttEnhancedAuthenticationDataOptions
            {
                Data = RelayCredentials.CreateResponse(fleet.Server, Hello, challenge, true),
            });
        }
    }
}
