using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Messaging.Acks;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Epochs;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Trust;
using Messaging.Wire;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Messaging.Bench.Fleet;

/// <summary>A device as the server sees one: enrols, proves its key, opens an epoch, sends sealed batches, reads acknowledgements.</summary>
internal sealed class SimulatedDevice : IAsyncDisposable
{
    private const int InFlight = 16;
    private readonly IdentityKey _identity = IdentityKey.Generate();
    private readonly HpkeKeyPair _hpke = HpkeKeyPair.Generate();
    private readonly BootId _boot = BootId.Generate();
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly ArrayBufferWriter<byte> _batch = new();
    private readonly Dictionary<Kid, EpochReceiver> _down = [];
    private readonly HashSet<CommandId> _obeyed = [];
    private readonly Queue<Task> _sending = [];
    private readonly TaskCompletionSource _acknowledged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FleetTrust? _trust;
    private EpochSender? _epoch;
    private ulong _target = ulong.MaxValue;
    private ulong _through;

    public SimulatedDevice() => Id = PrincipalId.FromIdentityKey(_identity.Public);

    public PrincipalId Id { get; }

    public long SentBytes { get; private set; }

    public async Task EnrolAsync(HttpClient http, EnrolmentToken token)
    {
        var bytes = await http.GetByteArrayAsync(new Uri(token.BaseUrl, "api/v1/trust"));
        if (FleetTrust.Begin(bytes, token.RootFingerprint.Span, out _trust) != TrustVerdict.Applied)
        {
            throw new InvalidOperationException("The server is not the fleet's.");
        }

        var nonce = RandomNumberGenerator.GetBytes(EnrolRequest.NonceBytes);
        using var content = new ByteArrayContent(EnrolRequest.Seal(token, _identity, _hpke.Public, _trust!.ServerHpke, [new("host.name", "bench")], nonce));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/cbor");
        using var answer = await http.PostAsync(new Uri(token.BaseUrl, "api/v1/enrol"), content);
        answer.EnsureSuccessStatusCode();
        if (!EnrolResponse.TryOpen(await answer.Content.ReadAsByteArrayAsync(), _hpke, _trust.Server.Identity, Id, nonce, out var response)
            || response.Status != EnrolStatus.Approved
            || FleetTrust.Begin(response.Trust.Span, token.RootFingerprint.Span, out _trust) != TrustVerdict.Applied)
        {
            throw new InvalidOperationException($"{Id} was not enrolled.");
        }
    }

    public async Task ConnectAsync(int port)
    {
        _client.ApplicationMessageReceivedAsync += ReceiveAsync;
        var hello = RelayCredentials.CreateHello(Id);
        var options = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithClientId(Id.ToString())
            .WithTcpServer(IPAddress.Loopback.ToString(), port)
            .WithEnhancedAuthentication(RelayAuthentication.Method, hello.Encode())
            .WithEnhancedAuthenticationHandler(new Responder(_identity, hello))
            .Build();

        // Loopback is 127.0.0.0/8: the relay bounds the connections of an address.
        ((MqttClientTcpOptions)options.ChannelOptions).LocalEndpoint = new IPEndPoint(new IPAddress([127, 0, 2, (byte)(1 + (Id.GetHashCode() & 0x7F))]), 0);
        var result = await _client.ConnectAsync(options);
        if (result.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new InvalidOperationException($"The relay refused {Id}: {result.ResultCode} {result.ReasonString}");
        }

        await _client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter(Topics.Down(Id), MqttQualityOfServiceLevel.AtLeastOnce).Build());
        _epoch = EpochSender.Open(
            _identity, Id, new EpochParameters(1, _boot, 60_000, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), _trust!.Notice.Number), [_trust.ServerHpke]);
        await PublishAsync(_epoch.OpenFrame.ToArray());
    }

    /// <summary>Sends records and waits until the server has acknowledged that the last of them is stored.</summary>
    public async Task SendAsync(int records, int points)
    {
        Volatile.Write(ref _target, (ulong)records);
        var sending = new Queue<Task>();
        for (var i = 0; i < records; i++)
        {
            if (sending.Count == InFlight)
            {
                await sending.Dequeue();
            }

            sending.Enqueue(PublishAsync(Seal(i, points)));
        }

        await Task.WhenAll(sending);
        await _acknowledged.Task.WaitAsync(TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        if (_client.IsConnected)
        {
            await _client.DisconnectAsync();
        }

        _client.Dispose();
        _epoch?.Dispose();
        foreach (var epoch in _down.Values)
        {
            epoch.Dispose();
        }

        _hpke.Dispose();
        _identity.Dispose();
    }

    /// <summary>Half of the points are a CPU's shares, which change; half are memory and disks, which hardly do.</summary>
    private byte[] Seal(int number, int points)
    {
        var monotonic = 60_000 + (number * 10_000L);
        var series = new List<MetricSeries>(points);
        for (var i = 0; i < points; i++)
        {
            var value = i % 2 == 0 ? RandomNumberGenerator.GetInt32(10_000) / 10_000.0 : 1_000_000 + i;
            series.Add(new MetricSeries(
                i % 2 == 0 ? "system.cpu.utilization" : "system.filesystem.usage",
                i % 2 == 0 ? "1" : "By",
                MetricKind.Gauge,
                [new("bench.series", $"{i}")],
                [new MetricPoint(monotonic, value)]));
        }

        _batch.ResetWrittenCount();
        new MetricBatch(_boot, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), monotonic, series).Encode(_batch);
        var frame = new ArrayBufferWriter<byte>();
        _epoch!.Seal(StreamId.Metrics, RecordType.Metrics, _batch.WrittenSpan, frame, out _);
        return frame.WrittenSpan.ToArray();
    }

    private async Task PublishAsync(byte[] frame)
    {
        SentBytes += frame.Length;
        await _client.PublishAsync(new MqttApplicationMessage
        {
            Topic = Topics.Up(Id),
            Payload = new ReadOnlySequence<byte>(frame),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        });
    }

    private Task ReceiveAsync(MqttApplicationMessageReceivedEventArgs args)
    {
        var data = args.ApplicationMessage.Payload.ToArray();
        if (!Frame.TryRead(data, out var frame))
        {
            throw new InvalidDataException("What the server sent is no frame.");
        }

        if (frame.Kind == FrameKind.EpochOpen)
        {
            if (EpochReceiver.TryOpen(data, _trust!.Server.Identity, _trust.Server.Id, [_hpke], out var opened, out _))
            {
                _down[opened.Id.Kid] = opened;
            }

            return Task.CompletedTask;
        }

        var plaintext = new ArrayBufferWriter<byte>(Math.Max(frame.PlaintextBytes, 1));
        if (!_down.TryGetValue(frame.Kid, out var epoch) || !epoch.TryOpen(frame, plaintext, out _))
        {
            return Task.CompletedTask;
        }

        if (frame.RecordType == RecordType.Ack && AckRecord.TryDecode(plaintext.WrittenSpan, out var ack))
        {
            Note(ack);
        }

        return frame.RecordType == RecordType.Command ? ObeyAsync(plaintext.WrittenMemory) : Task.CompletedTask;
    }

    /// <summary>All that a device checks without its disk, and the report that it makes.</summary>
    private async Task ObeyAsync(ReadOnlyMemory<byte> bytes)
    {
        if (!CommandDelivery.TryParse(bytes.Span, out var delivery)
            || CommandSigners.Find(delivery.Command, _trust!.Roster, out var signers) != CommandSignature.Right
            || !delivery.IsFor(Id)
            || _trust.Roster.Policy.Judge(delivery.Command.Content.Type, signers, null) != Permission.Allowed)
        {
            throw new InvalidDataException($"{Id} got a command that it would not obey.");
        }

        var id = delivery.Command.Content.Id;
        if (!_obeyed.Add(id))
        {
            return;
        }

        // The third report: a command that ends at once is told of once.
        var report = new CommandReport(id, 3, CommandState.Done, null, null, null, "", default, OutputTruncated: false);
        var frame = new ArrayBufferWriter<byte>();
        _epoch!.Seal(StreamId.Events, RecordType.CommandReport, report.Encode(), frame, out _);

        // Not awaited one by one: QoS 1 keeps their order.
        _sending.Enqueue(PublishAsync(frame.WrittenSpan.ToArray()));
        while (_sending.Count > InFlight && _sending.TryDequeue(out var sent))
        {
            await sent;
        }
    }

    private void Note(AckRecord ack)
    {
        foreach (var stream in ack.Epochs.SelectMany(static epoch => epoch.Through).Where(static stream => stream.StreamId == StreamId.Metrics))
        {
            _through = Math.Max(_through, stream.Seq);
        }

        if (_through >= Volatile.Read(ref _target))
        {
            _acknowledged.TrySetResult();
        }
    }

    private sealed class Responder(IdentityKey identity, RelayHello hello) : IMqttEnhancedAuthenticationHandler
    {
        public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs) =>
            RelayChallenge.TryDecode(eventArgs.AuthenticationData, out var challenge)
                ? eventArgs.SendAsync(
                    new SendMqttEnhancedAuthenticationDataOptions { Data = RelayCredentials.CreateResponse(identity, hello, challenge) },
                    eventArgs.CancellationToken)
                : throw new InvalidDataException("The relay's challenge cannot be read.");
    }
}
