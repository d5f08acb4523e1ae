using System.Collections;
using System.Net;
using Messaging.FleetServer.Hosting;

namespace Messaging.FleetServer.Tests.Hosting;

/// <summary>What is open to everybody is open on this machine alone, and never of a fleet.</summary>
public sealed class AllowAnonymousTests
{
    [Fact]
    public void Broker_ForThisMachine_ListensThereAlone()
    {
        var (options, errors) = Read(("roles", "relay"), ("allow-anonymous", "on"), ("mqtt-port", "1883"));

        Assert.Empty(errors);
        Assert.Equal((IPAddress.Loopback, false, 1883), (options.ListenAddress, options.Tls, options.MqttPort));
    }

    [Theory]
    [InlineData("listen", "0.0.0.0", "open to the network")]
    [InlineData("listen", "::", "open to the network")]
    [InlineData("listen", "192.0.2.1", "open to the network")]
    [InlineData("roles", "relay,control", "a fleet is never open")]
    [InlineData("roles", "relay,control,dashboard", "a fleet is never open")]
    [InlineData("tls", "on", "no use")]
    [InlineData("control-key", "abababababababababababababababababababababababababababababababab", "no use")]
    public void Broker_ThatWouldBeMore_IsRefused(string option, string value, string says)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["roles"] = "relay", ["allow-anonymous"] = "on", [option] = value };

        var (_, errors) = Read([.. values.Select(static pair => (pair.Key, pair.Value))]);

        Assert.Contains(errors, error => error.Contains(says, StringComparison.Ordinal));
    }

    private static (FleetServerOptions Options, IReadOnlyList<string> Errors) Read(params (string Name, string Value)[] options) =>
        OptionsReader.Read(options.Append(("data", "/nonexistent/data")).ToDictionary(static one => one.Item1, static one => one.Item2, StringComparer.Ordinal), new Hashtable());
}
