using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Messaging.Agent.Tests.Hosting;
using Messaging.EndToEnd.Harness;
using MQTTnet;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Messaging.EndToEnd;

/// <summary>What the generic namespace has acknowledged reaches a client that was away, whatever happens to the process.</summary>
public sealed class MqttDurabilityTests
{
    private const int Kills = 20;
    private const int Clients = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly MqttClientFactory Factory = new();

    [Fact]
    public async Task Kill_TwentyTimesWhileClientsPublish_LosesNothingThatWasAcknowledged()
    {
        using var scratch = new ScratchFolder();
        await using var broker = new OpenBrokerProcess(scratch["broker"]);
        await broker.StartAsync();
        using (var subscriber = await ConnectAsync(broker, "subscriber", isKept: true))
        {
            await subscriber.SubscribeAsync("numbers/+", MqttQualityOfServiceLevel.AtLeastOnce, TestContext.Current.CancellationToken);
        }

        var acknowledged = new ConcurrentBag<long>();
        long next = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var before = acknowledged.Count;
            var publishing = Enumerable.Range(0, Clients).Select(one => PublishUntilItEndsAsync(broker, $"numbers/{one}", acknowledged, () => Interlocked.Increment(ref next))).ToList();
            var enough = RandomNumberGenerator.GetInt32(1, 100);
            await Eventually.Is("some are acknowledged", Patience, () => Task.FromResult(acknowledged.Count >= before + enough));
            await broker.KillAsync();
            await Task.WhenAll(publishing);
            await broker.StartAsync();
        }

        Assert.Contains("MQTT: 1 sessions with 1 subscriptions", broker.Output, StringComparison.Ordinal);
        var got = new ConcurrentBag<long>();
        using var back = Factory.CreateMqttClient();
        back.ApplicationMessageReceivedAsync += message =>
        {
            got.Add(long.Parse(Encoding.ASCII.GetString(message.ApplicationMessage.Payload.ToArray()), System.Globalization.CultureInfo.InvariantCulture));
            return Task.CompletedTask;
        };
        var answer = await back.ConnectAsync(Options(broker, "subscriber", isKept: true), TestContext.Current.CancellationToken);
        Assert.True(answer.IsSessionPresent);
        await Eventually.Is("all that was acknowledged has come", Patience, () => Task.FromResult(acknowledged.Except(got).Any() is false));
        Assert.InRange(got.Count - acknowledged.Count, 0, Kills * Clients);
        Assert.Distinct(got);
    }

    private static async Task PublishUntilItEndsAsync(OpenBrokerProcess broker, string topic, ConcurrentBag<long> acknowledged, Func<long> next)
    {
        try
        {
            using var client = await ConnectAsync(broker, "", isKept: false);
            while (true)
            {
                var number = next();
                var result = await client.PublishStringAsync(topic, $"{number}", MqttQualityOfServiceLevel.AtLeastOnce, cancellationToken: TestContext.Current.CancellationToken);
                Assert.Equal(MqttClientPublishReasonCode.Success, result.ReasonCode);
                acknowledged.Add(number);
            }
        }
        catch (MqttCommunicationException)
        {
            // It was killed.
        }
    }

    private static async Task<IMqttClient> ConnectAsync(OpenBrokerProcess broker, string id, bool isKept)
    {
        var client = Factory.CreateMqttClient();
        await client.ConnectAsync(Options(broker, id, isKept), TestContext.Current.CancellationToken);
        return client;
    }

    private static MqttClientOptions Options(OpenBrokerProcess broker, string id, bool isKept) => new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", broker.Port)
        .WithProtocolVersion(MqttProtocolVersion.V500)
        .WithClientId(id)
        .WithCleanStart(!isKept)
        .WithSessionExpiryInterval(isKept ? 3600U : 0)
        .WithTimeout(Patience)
        .Build();
}
