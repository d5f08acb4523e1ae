using Messaging.EndToEnd.Harness;

namespace Messaging.EndToEnd;

/// <summary>A device in bad networks. Each test breaks the network in its way, whatever the one before left.</summary>
public sealed class TransportTests(ProxiedFleet fleet) : IClassFixture<ProxiedFleet>
{
    private const string Mqtt = "MQTT over TLS";
    private const string WebSocket = "WebSocket over TLS";
    private const string Poll = "long poll over TLS";

    [Fact]
    public async Task EverythingGetsThrough_MqttOverTls_ThroughTheProxy()
    {
        Network(mqtt: ConnectProxy.Verdict.Pass, other: ConnectProxy.Verdict.Pass);

        var connection = await fleet.WaitForTransport(Mqtt);

        Assert.StartsWith("http://127.0.0.1:", connection["proxy"]!.GetValue<string>(), StringComparison.Ordinal);
        await fleet.WaitForServerToSee("mqtt5+tls");
        await fleet.Ping();
        Assert.DoesNotContain(ProxiedFleet.ProxyPassword, await fleet.Status(), StringComparison.Ordinal);
        Assert.DoesNotContain(ProxiedFleet.ProxyPassword, fleet.Agent.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(ProxiedFleet.ProxyPassword, await File.ReadAllTextAsync($"/proc/{fleet.Agent.Id}/cmdline"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortIsBlocked_WebSocketIsChosen()
    {
        Network(mqtt: ConnectProxy.Verdict.Refuse, other: ConnectProxy.Verdict.Refuse);
        fleet.Network.CutAll();

        var connection = await fleet.WaitForTransport(WebSocket);

        Assert.StartsWith("mqtts://", (await BetterOf(connection))["betterEndpoint"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("through http://127.0.0.1:", await fleet.Status(screen: true), StringComparison.Ordinal);
        await fleet.WaitForServerToSee("mqtt5+tls+ws");
        await fleet.Ping();
    }

    [Fact]
    public async Task WebSocketIsBrokenToo_LongPollIsChosen_AndOutlivesItsConnections()
    {
        Network(mqtt: ConnectProxy.Verdict.Swallow, other: ConnectProxy.Verdict.Refuse);
        fleet.Gateway.BreaksWebSocket = true;
        fleet.Network.Age = TimeSpan.FromSeconds(2);
        fleet.Network.CutAll();

        var connection = await fleet.WaitForTransport(Poll);

        await fleet.WaitForServerToSee("mqtt5+tls+poll");
        await fleet.Ping();
        var before = fleet.Network.Aged;
        await Eventually.Is("connections of the session were closed", TimeSpan.FromSeconds(60), () => Task.FromResult(fleet.Network.Aged >= before + 3));
        await fleet.Ping();
        var later = await fleet.Connection();
        Assert.Equal(connection["since"]!.GetValue<string>(), later["since"]!.GetValue<string>());
    }

    [Fact]
    public async Task PortIsFreeAgain_MqttOverTlsTakesOver_WithoutAGap()
    {
        Network(mqtt: ConnectProxy.Verdict.Refuse, other: ConnectProxy.Verdict.Refuse);
        var before = Said("Connected to");
        fleet.Network.CutAll();

        // The test before may have left it on the same transport.
        await Eventually.Is("it has connected anew", TimeSpan.FromSeconds(60), () => Task.FromResult(Said("Connected to") > before));
        await fleet.WaitForTransport(WebSocket);
        var waits = Said("Next attempt");

        Network(mqtt: ConnectProxy.Verdict.Pass, other: ConnectProxy.Verdict.Pass);

        await fleet.WaitForTransport(Mqtt);
        await fleet.WaitForServerToSee("mqtt5+tls");
        await fleet.Ping();
        Assert.Equal(waits, Said("Next attempt"));
    }

    [Fact]
    public async Task AddressIsABlackHole_TheOtherIsUsed()
    {
        Network(mqtt: ConnectProxy.Verdict.Pass, other: ConnectProxy.Verdict.Refuse);
        fleet.Network.CutAll();
        await WaitForAddress(fleet.Mqtt);

        Network(mqtt: ConnectProxy.Verdict.Swallow, other: ConnectProxy.Verdict.Pass);
        fleet.Network.CutAll();

        await WaitForAddress(fleet.OtherMqtt);
        await fleet.Ping();
    }

    private void Network(ConnectProxy.Verdict mqtt, ConnectProxy.Verdict other)
    {
        fleet.Network.Set(fleet.Mqtt, mqtt);
        fleet.Network.Set(fleet.OtherMqtt, other);
        fleet.Network.Age = null;
        fleet.Gateway.BreaksWebSocket = false;
    }

    /// <summary>How often the agent has said something.</summary>
    private int Said(string text) => fleet.Agent.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));

    private async Task WaitForAddress(string address)
    {
        try
        {
            await Eventually.Get(
                $"the agent uses {address}",
                TimeSpan.FromSeconds(90),
                fleet.Connection,
                connection => connection["state"]!.GetValue<string>() == "connected" && connection["endpoint"]!.GetValue<string>() == "mqtts://" + address);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{(fleet.Agent.HasExited ? $"The agent has ended with {fleet.Agent.ExitCode}" : "The agent runs")}; it says:\n{fleet.Agent.Output}", e);
        }
    }

    private Task<System.Text.Json.Nodes.JsonNode> BetterOf(System.Text.Json.Nodes.JsonNode connection) => Eventually.Get(
        $"a better transport is looked for from {connection["endpoint"]}", TimeSpan.FromSeconds(60), fleet.Connection, static now => now["betterEndpoint"] is not null);
}
