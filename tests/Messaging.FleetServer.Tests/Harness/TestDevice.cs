using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Messaging.Acks;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Epochs;
using Messaging.Files;
using Messaging.FleetServer.Enrolment;
using Messaging.Rosters;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Time;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>
/// A device that follows the protocol, built on the shared library alone: it seals, keeps what is not acknowledged, sends it again on
/// every connection, and answers commands as it is told.
/// </summary>
internal sealed class TestDevice : IAsyncDisposable
{
    private static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly Dictionary<EpochId, EpochReceiver> _downEpochs = [];
    private readonly List<(EpochId Epoch, uint Stream, ulong Seq, byte[] Frame)> _spool = [];
    private readonly List<EpochSender> _epochs = [];
    private DeviceConnection? _connection;
    private ulong _epochNo;
    private uint _reportNo;

    public IdentityKey Identity { get; set; } = IdentityKey.Generate();

    public HpkeKeyPair Hpke { get; set; } = HpkeKeyPair.Generate();

    public PrincipalId Id { get; private set; }

    public string Name => Id.ToString();

    public BootId Boot { get; set; } = BootId.Generate();

    public ulong UptimeMs { get; set; } = 60_000;

    /// <summary>Whom it trusts since its enrolment.</summary>
    public FleetTrust? Trust { get; set; }

    public ConcurrentQueue<Command> Commands { get; } = new();

    public ConcurrentQueue<CommandDelivery> Deliveries { get; } = new();

    public ConcurrentQueue<KeyUpdateReceipt> Receipts { get; } = new();

    public ConcurrentQueue<TimeBeacon> Beacons { get; } = new();

    public ConcurrentQueue<FileReceipt> FileReceipts { get; } = new();

    public ConcurrentQueue<FleetTrust> Trusted { get; } = new();

    public ConcurrentQueue<Pause> Pauses { get; } = new();

    /// <summary>What the server has said of its audit log.</summary>
    public ConcurrentQueue<byte[]> Checkpoints { get; } = new();

    /// <summary>Acknowledgements of nothing, which say that control is there.</summary>
    public int EmptyAcks { get; private set; }

    /// <summary>Kids that control asked the opening of.</summary>
    public ConcurrentQueue<Kid> Requested { get; } = new();

    public ConcurrentQueue<Watch> Watches { get; } = new();

    /// <summary>What control asked of the numbers of series.</summary>
    public ConcurrentQueue<SeriesRequest> SeriesAsked { get; } = new();

    /// <summary>What the device says to that; null for nothing.</summary>
    public Func<SeriesRequest, SeriesAnswer?> Explain { get; set; } = static _ => null;

    /// <summary>What the device says to a command: several reports, or none.</summary>
    public Func<Command, IEnumerable<CommandReport>> Obey { get; set; } = static _ => [];

    public EpochSender Epoch => _epochs[^1];

    public int Unacknowledged
    {
        get
        {
            lock (_lock)
            {
                return _spool.Count;
            }
        }
    }

    public int DownlinkEpochs
    {
        get
        {
            lock (_lock)
            {
                return _downEpochs.Count;
            }
        }
    }

    public bool IsConnected => _connection?.IsConnected == true;

    public TestDevice() => Id = PrincipalId.FromIdentityKey(Identity.Public);

    public async Task<EnrolResponse> EnrolAsync(IEnrolmentService server, string tokenText, FleetTrust fleet, TimeSpan wait = default)
    {
        Assert.True(EnrolmentToken.TryParse(tokenText, out var token));
        var nonce = RandomNumberGenerator.GetBytes(EnrolRequest.NonceBytes);
        var request = EnrolRequest.Seal(token, Identity, Hpke.Public, fleet.ServerHpke, [new("host.name", "bench-1")], nonce);
        var answer = await server.EnrolAsync(request, wait, TestContext.Current.CancellationToken);
        Assert.NotNull(answer.Response);
        Assert.True(EnrolResponse.TryOpen(answer.Response, Hpke, fleet.Server.Identity, Id, nonce, out var response));
        if (response.Status == EnrolStatus.Approved)
        {
            Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(response.Trust.Span, token.RootFingerprint.Span, out var verified));
            Trust = verified;
        }

        return response;
    }

    public async Task ConnectAsync(int port)
    {
        await Until.True(
            async () =>
            {
                await DisconnectAsync();
                _connection = new DeviceConnection(this, Receive);
                return await _connection.TryConnectAsync(port);
            },
            "the relay lets the device in");
        await ResendAsync();
    }

    public async Task DisconnectAsync()
    {
        if (_connection is { } connection)
        {
            _connection = null;
            await connection.DisposeAsync();
        }
    }

    /// <summary>Forgets every key in memory, as a process that was killed does; the spool stays.</summary>
    public void Restart(bool reboot = false)
    {
        lock (_lock)
        {
            _downEpochs.Clear();
        }

        Boot = reboot ? BootId.Generate() : Boot;
        OpenEpoch();
    }

    /// <summary>Loses the keys of the downlink, and gives the id of the one that was lost.</summary>
    public Kid ForgetDownlink()
    {
        lock (_lock)
        {
            var kid = _downEpochs.Keys.Single().Kid;
            _downEpochs.Clear();
            return kid;
        }
    }

    public EpochSender OpenEpoch(ulong? epochNo = null)
    {
        var previous = _epochs.LastOrDefault();
        _epochNo = epochNo ?? _epochNo + 1;
        var parameters = new EpochParameters(
            _epochNo, Boot, UptimeMs, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), Trust!.Notice.Number,
            previous?.Id, previous?.LastSeqs());
        var epoch = EpochSender.Open(Identity, Id, parameters, [Trust.ServerHpke]);
        _epochs.Add(epoch);
        return epoch;
    }

    public byte[] Seal(uint stream, uint type, ReadOnlySpan<byte> plaintext)
    {
        if (_epochs.Count == 0)
        {
            OpenEpoch();
        }

        lock (_lock)
        {
            var output = new ArrayBufferWriter<byte>();
            Epoch.Seal(stream, type, plaintext, output, out var seq);
            var frame = output.WrittenSpan.ToArray();
            if (stream != StreamId.Volatile)
            {
                _spool.Add((Epoch.Id, stream, seq, frame));
            }

            return frame;
        }
    }

    /// <summary>Seals and sends; the record stays in the spool until it is acknowledged.</summary>
    public Task SendAsync(uint stream, uint type, ReadOnlySpan<byte> plaintext) => PublishAsync(Seal(stream, type, plaintext));

    public Task PublishAsync(byte[] frame) => _connection?.PublishAsync(frame) ?? Task.CompletedTask;

    public Task SendOpeningAsync() => PublishAsync(Epoch.OpenFrame.ToArray());

    /// <summary>The openings of epochs that hold something, and the newest; then everything that is not acknowledged.</summary>
    public async Task ResendAsync()
    {
        if (_epochs.Count == 0)
        {
            OpenEpoch();
        }

        List<(EpochId Epoch, uint Stream, ulong Seq, byte[] Frame)> waiting;
        lock (_lock)
        {
            waiting = [.. _spool];
        }

        foreach (var epoch in _epochs.Where(epoch => epoch == Epoch || waiting.Any(record => record.Epoch == epoch.Id)))
        {
            await PublishAsync(epoch.OpenFrame.ToArray());
        }

        foreach (var record in waiting)
        {
            await PublishAsync(record.Frame);
        }
    }

    /// <summary>Waits until everything is acknowledged; sends again what is not for a while, as the protocol has it.</summary>
    public async Task AcknowledgedAsync(string what)
    {
        var resentAt = TimeProvider.System.GetTimestamp();
        await Until.True(
            async () =>
            {
                if (Unacknowledged > 0 && TimeProvider.System.GetElapsedTime(resentAt) > ResendAfter)
                {
                    resentAt = TimeProvider.System.GetTimestamp();
                    await ResendAsync();
                }

                return Unacknowledged == 0;
            },
            what);
    }

    public static byte[] Encode(MetricBatch batch)
    {
        var output = new ArrayBufferWriter<byte>();
        batch.Encode(output);
        return output.WrittenSpan.ToArray();
    }

    public static byte[] Encode(SeriesBatch batch)
    {
        var output = new ArrayBufferWriter<byte>();
        batch.Encode(output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>One point of one series, at a time that tells which it is.</summary>
    public byte[] Metric(long unixMs, double value, string name = "system.cpu.utilization") => Encode(new MetricBatch(
        Boot, unixMs, (long)UptimeMs, [new MetricSeries(name, "1", MetricKind.Gauge, [], [new MetricPoint((long)UptimeMs, value)])]));

    /// <summary>One point of a device that does not believe its clock.</summary>
    public byte[] Undated(long monoMs, double value, long? closedMs = null) => Encode(new MetricBatch(
        Boot, null, closedMs ?? monoMs, [new MetricSeries("system.cpu.utilization", "1", MetricKind.Gauge, [], [new MetricPoint(monoMs, value)])]));

    /// <summary>The uptime at this moment, as a device says it that asks for the time.</summary>
    public Task AskTimeAsync(bool isWanted = false, BeaconSeen? seen = null) =>
        SendAsync(StreamId.Volatile, RecordType.TimeRequest, new TimeRequest(Boot, (long)UptimeMs, isWanted, seen).Encode());

    public static byte[] Lines(params string[] bodies)
    {
        var output = new ArrayBufferWriter<byte>();
        var entries = bodies.Select((body, i) => new LogEntry(1_700_000_000_000 + i, 9, new LogSource(LogSourceKind.File, "/var/log/x"), body, []));
        new LogBatch(BootId.Generate(), null, 1, [.. entries], null).Encode(output);
        return output.WrittenSpan.ToArray();
    }

    public CommandReport Report(Command command, Messaging.Commands.CommandState state, string message = "", int? exitCode = null) =>
        new(command.Content.Id, ++_reportNo, state, null, null, exitCode, message, default, false);

    public Task SendReportAsync(CommandReport report) => SendAsync(StreamId.Events, RecordType.CommandReport, report.Encode());

    public async ValueTask DisposeAsync()
    {
        await DisconnectAsync();
        _epochs.ForEach(epoch => epoch.Dispose());
        Identity.Dispose();
        Hpke.Dispose();
    }

    private async Task Receive(byte[] data)
    {
        if (!TryOpenDown(data, out var type, out var plaintext))
        {
            return;
        }

        switch (type)
        {
            case RecordType.Ack:
                Assert.True(AckRecord.TryDecode(plaintext, out var ack));
                EmptyAcks += ack.Epochs.Count == 0 ? 1 : 0;
                Release(ack);
                break;
            case RecordType.Command:
                Assert.True(CommandDelivery.TryParse(plaintext, out var delivery));
                Assert.True(delivery.IsFor(Id));
                Deliveries.Enqueue(delivery);
                var command = delivery.Command;
                Assert.True(command.Verify((Trusted.LastOrDefault() ?? Trust!).Roster.Find(command.Content.IssuerId)!.Identity));
                Commands.Enqueue(command);
                foreach (var report in Obey(command))
                {
                    await SendReportAsync(report);
                }

                break;
            case RecordType.TimeBeacon:
                Assert.True(TimeBeacon.TryParse(plaintext, out var beacon));
                Assert.True(beacon.Verify(Trust!.Roster.FindByRole(Roles.Time)!.Identity));
                Beacons.Enqueue(beacon);
                break;
            case RecordType.Trust:
                Assert.Equal(TrustVerdict.Applied, Trust!.Next(plaintext, out var trusted));
                Trusted.Enqueue(trusted);
                break;
            case RecordType.EpochRequestDown:
                Assert.True(EpochRequest.TryDecode(plaintext, out var request));
                Requested.Enqueue(request.Kid);
                break;
            case RecordType.Pause:
                Assert.True(Pause.TryDecode(plaintext, out var pause));
                Pauses.Enqueue(pause);
                break;
            case RecordType.AuditCheckpoint:
                Checkpoints.Enqueue(plaintext.ToArray());
                break;
            case RecordType.FileReceipt:
                Assert.True(FileReceipt.TryDecode(plaintext, out var file));
                FileReceipts.Enqueue(file);
                break;
            case RecordType.Watch:
                Assert.True(Watch.TryDecode(plaintext, out var watch));
                Watches.Enqueue(watch);
                break;
            case RecordType.SeriesRequest:
                Assert.True(SeriesRequest.TryDecode(plaintext, out var asked));
                SeriesAsked.Enqueue(asked);
                if (Explain(asked) is { } answer)
                {
                    await SendAsync(StreamId.Volatile, RecordType.SeriesAnswer, answer.Encode());
                    await ResendAsync();
                }

                break;
            case RecordType.KeyUpdateReceipt:
                Assert.True(KeyUpdateReceipt.TryDecode(plaintext, out var receipt));
                Receipts.Enqueue(receipt);
                break;
        }
    }

    private bool TryOpenDown(byte[] data, out uint type, out byte[] plaintext)
    {
        type = 0;
        plaintext = [];
        Assert.True(Frame.TryRead(data, out var frame));
        var server = Trust!.Server;
        lock (_lock)
        {
            if (frame.Kind == FrameKind.EpochOpen)
            {
                Assert.True(EpochReceiver.TryOpen(data, server.Identity, server.Id, [Hpke], out var opened, out var error), error.ToString());
                _downEpochs.TryAdd(opened.Id, opened);
                return false;
            }

            var kid = frame.Kid;
            if (_downEpochs.Values.FirstOrDefault(epoch => epoch.Id.Kid == kid) is not { } known)
            {
                return false;
            }

            var output = new ArrayBufferWriter<byte>();
            Assert.True(known.TryOpen(frame, output, out var recordError), recordError.ToString());
            type = frame.RecordType;
            plaintext = output.WrittenSpan.ToArray();
            return true;
        }
    }

    private void Release(AckRecord ack)
    {
        lock (_lock)
        {
            foreach (var epoch in ack.Epochs)
            {
                foreach (var through in epoch.Through)
                {
                    _spool.RemoveAll(record => record.Epoch == epoch.EpochId && record.Stream == through.StreamId && record.Seq <= through.Seq);
                }
            }
        }
    }
}
