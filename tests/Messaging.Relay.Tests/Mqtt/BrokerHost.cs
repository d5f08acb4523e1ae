using System.Buffers;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Connections;
using Messaging.Relay.Mqtt.Durability;
using Messaging.Relay.Storage;
using Messaging.Relay.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>The generic namespace on a port of its own, whose clock goes on when the test says so.</summary>
internal sealed class BrokerHost : IAsyncDisposable
{
    private readonly BrokerOptions _options;
    private readonly DirectoryInfo _folder;
    private readonly RelayStore _store;
    private readonly BrokerJournal _journal;
    private readonly BrokerListener _listener;

    private BrokerHost(BrokerOptions options, DirectoryInfo folder, FakeTimeProvider time)
    {
        (_options, _folder, Time) = (options, folder, time);
        _store = new RelayStore(FilePath, NullLogger<RelayStore>.Instance);
        _journal = new BrokerJournal(_store, time, NullLogger<BrokerJournal>.Instance);
        Broker = new Broker(options, Time, _journal);
        _listener = new BrokerListener(Broker, 0, NullLogger<BrokerListener>.Instance);
        _journal.Start();
    }

    public Broker Broker { get; }

    public FakeTimeProvider Time { get; }

    public int Port => _listener.Port;

    /// <summary>The file of sessions and retained messages.</summary>
    public string FilePath => Path.Combine(_folder.FullName, "mqtt.db");

    public static async Task<BrokerHost> StartAsync(BrokerOptions? options = null)
    {
        var host = new BrokerHost(options ?? new BrokerOptions(), Directory.CreateTempSubdirectory("broker-test-"), new FakeTimeProvider());
        await host._listener.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>What would be there after a kill at this moment: a broker of a copy of the files as they are. This one goes on.</summary>
    public async Task<BrokerHost> KilledAsync()
    {
        var folder = Directory.CreateTempSubdirectory("broker-test-");
        foreach (var file in new[] { FilePath, FilePath + "-wal" }.Where(File.Exists))
        {
            File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
        }

        var host = new BrokerHost(_options, folder, Time);
        await host._listener.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    /// <summary>The file may have so many pages of 4 KiB: beyond them it is as if the disk were full.</summary>
    public Task LimitPagesAsync(int pages) => RunAsync($"PRAGMA max_page_count = {pages}");

    /// <summary>Nothing can be written until the answer is disposed: somebody else has the file's lock.</summary>
    public async Task<IDisposable> BlockAsync()
    {
        await RunAsync("PRAGMA busy_timeout = 0");
        var other = _store.Open();
        using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return other;
    }

    /// <summary>A client that has been taken.</summary>
    public async Task<(RawClient Client, MqttConnAckPacket Answer)> ConnectAsync(
        string id, Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500, int? receiveBuffer = null)
    {
        var client = await RawClient.OpenAsync(Port, version, receiveBuffer);
        var connect = new MqttConnectPacket { ClientId = id, CleanSession = true, KeepAlivePeriod = 0 };
        change?.Invoke(connect);
        await client.SendAsync(connect);
        return (client, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()));
    }

    public async Task<RawClient> ClientAsync(string id, Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500)
    {
        var (client, answer) = await ConnectAsync(id, change, version);
        Assert.Equal(MqttConnectReasonCode.Success, answer.ReasonCode);
        return client;
    }

    /// <summary>Time goes on, and what is due is done.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Broker.Sweep();
    }

    private async Task RunAsync(string sql)
    {
        // On the writer's own connection, and its thread.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Broker.Journal.Enqueue(
            () =>
            {
                using var command = _store.Connection.CreateCommand();
                command.CommandText = sql;
                command.ExecuteNonQuery();
                done.TrySetResult();
            },
            static () => { });
        await done.Task.WaitAsync(Wait.Timeout);
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync(CancellationToken.None);
        _listener.Dispose();
        _journal.Dispose();
        _folder.Delete(recursive: true);
    }
}

/// <summary>Short forms of packets.</summary>
internal static class Packets
{
    public static MqttPublishPacket Publish(string topic, string payload, int quality = 0, bool isRetained = false, ushort id = 1) => new()
    {
        Topic = topic,
        Payload = new ReadOnlySequence<byte>(System.Text.Encoding.UTF8.GetBytes(payload)),
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)quality,
        Retain = isRetained,
        PacketIdentifier = quality == 0 ? (ushort)0 : id,
    };

    public static string Text(this MqttPublishPacket packet) => System.Text.Encoding.UTF8.GetString(packet.Payload.ToArray());

    /// <summary>Subscribes, and answers the reason.</summary>
    public static async Task<MqttSubscribeReasonCode> SubscribeAsync(this RawClient client, string filter, int quality, Action<MqttTopicFilter>? change = null, uint id = 0)
    {
        var topic = new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = (MqttQualityOfServiceLevel)quality };
        change?.Invoke(topic);
        await client.SendAsync(new MqttSubscribePacket { PacketIdentifier = 77, TopicFilters = [topic], SubscriptionIdentifier = id });
        return Assert.Single(Assert.IsType<MqttSubAckPacket>(await client.ReceiveAsync()).ReasonCodes);
    }

    public static async Task<MqttPublishPacket> MessageAsync(this RawClient client) => Assert.IsType<MqttPublishPacket>(await client.ReceiveAsync());

    /// <summary>Whether nothing came before the answer to a ping.</summary>
    public static async Task AssertNothingAsync(this RawClient client)
    {
        await client.SendAsync(MqttPingReqPacket.Instance);
        Assert.IsType<MqttPingRespPacket>(await client.ReceiveAsync());
    }
}
