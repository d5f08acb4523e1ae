using System.Diagnostics;
using Messaging.Relay.Tests.Support;
using MQTTnet;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Mqtt;

/// <summary>Clients that nobody here wrote: Mosquitto's programs and MQTTnet's client.</summary>
public sealed class ForeignClientTests
{
    [Theory]
    [InlineData("5", 0)]
    [InlineData("5", 1)]
    [InlineData("5", 2)]
    [InlineData("311", 0)]
    [InlineData("311", 1)]
    [InlineData("311", 2)]
    [InlineData("31", 1)]
    public async Task Mosquitto_PublishesAndSubscribes(string version, int quality)
    {
        await using var host = await BrokerHost.StartAsync();
        var listening = RunAsync("mosquitto_sub", host, "-V", version, "-i", "s", "-t", "a/#", "-q", $"{quality}", "-C", "3", "-v", "-W", "30");
        using var probe = await host.ClientAsync("probe");
        await Wait.ForAsync(
            async () =>
            {
                await probe.SendAsync(Packets.Publish("a/probe", "", 1));
                return Assert.IsType<MQTTnet.Packets.MqttPubAckPacket>(await probe.ReceiveAsync()).ReasonCode == MqttPubAckReasonCode.Success;
            },
            "mosquitto_sub is subscribed");

        foreach (var text in new[] { "one", "two" })
        {
            var (code, said) = await RunAsync("mosquitto_pub", host, "-V", version, "-t", "a/b", "-m", text, "-q", $"{quality}");
            Assert.True(code == 0, said);
        }

        var (exit, output) = await listening;
        Assert.True(exit == 0, output);
        Assert.EndsWith("a/b one\na/b two", output.Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mosquitto_AsksAndGetsAnswers()
    {
        await using var host = await BrokerHost.StartAsync();
        using var server = await host.ClientAsync("server");
        await server.SubscribeAsync("questions", 1);
        var asking = RunAsync("mosquitto_rr", host, "-V", "5", "-t", "questions", "-e", "answers/1", "-m", "how much?", "-W", "30");

        var question = await server.MessageAsync();
        var answer = Packets.Publish(question.ResponseTopic, question.Text() + " 42");
        answer.CorrelationData = question.CorrelationData;
        await server.SendAsync(answer);

        var (code, output) = await asking;
        Assert.True(code == 0, output);
        Assert.Equal("how much? 42", output.Trim());
    }

    [Fact]
    public async Task MqttNet_GetsBackWhatItSent()
    {
        await using var host = await BrokerHost.StartAsync();
        using var client = new MqttClientFactory().CreateMqttClient();
        var got = new TaskCompletionSource<MqttApplicationMessage>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.ApplicationMessageReceivedAsync += arguments =>
        {
            got.TrySetResult(arguments.ApplicationMessage);
            return Task.CompletedTask;
        };
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", host.Port).WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build(), Wait.Timeout);
        await client.SubscribeAsync("a/+", MqttQualityOfServiceLevel.ExactlyOnce, Wait.Timeout);

        var sent = new MqttApplicationMessageBuilder().WithTopic("a/b").WithPayload("x").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.ExactlyOnce).WithUserProperty("k", "v"u8.ToArray()).Build();
        var result = await client.PublishAsync(sent, Wait.Timeout);

        Assert.True(result.IsSuccess);
        var message = await got.Task.WaitAsync(Wait.Timeout);
        Assert.Equal(("a/b", "x", "k"), (message.Topic, message.ConvertPayloadToString(), Assert.Single(message.UserProperties).Name));
        await client.DisconnectAsync();
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, BrokerHost host, params string[] arguments)
    {
        Assert.True(File.Exists($"/usr/bin/{program}"), $"{program} is missing: install Debian's package mosquitto-clients.");
        using var process = Process.Start(new ProcessStartInfo(program, ["-h", "127.0.0.1", "-p", $"{host.Port}", .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Wait.Timeout);
        var errors = process.StandardError.ReadToEndAsync(Wait.Timeout);
        await process.WaitForExitAsync(Wait.Timeout);
        return (process.ExitCode, await output + await errors);
    }
}
