using System.Collections;
using Messaging.FleetServer.Hosting;

namespace Messaging.FleetServer.Tests.Hosting;

public sealed class DeviceAddressesTests
{
    [Fact]
    public void Addresses_OfOneProcess_AreAllThreeWays() => Assert.Equal(
        ["mqtts://fleet.example:8883/", "wss://fleet.example:8443/mqtt", "https://fleet.example:8443/mqtt/poll"],
        Addresses(("public-url", "https://fleet.example:8443"), ("public-mqtt-url", "mqtts://fleet.example:8883")));

    [Fact]
    public void Addresses_OfAKindThatIsNamed_AreThoseThatAreNamed() => Assert.Equal(
        ["mqtts://a.example:8883/", "mqtts://b.example:8883/", "wss://edge.example/mqtt", "https://fleet.example/mqtt/poll"],
        Addresses(("public-url", "https://fleet.example"), ("public-mqtt-url", "mqtts://a.example:8883, mqtts://b.example:8883,wss://edge.example")));

    [Fact]
    public void Addresses_WithARelayElsewhere_AreOnlyThoseThatAreNamed() => Assert.Equal(
        ["mqtts://relay.example/", "https://relay.example/mqtt/poll"],
        Addresses(("roles", "control"), ("relay", "mqtts://relay.internal:8883"), ("public-mqtt-url", "mqtts://relay.example,https://relay.example")));

    [Theory]
    [InlineData("ftp://fleet.example")]
    [InlineData("mqtts://fleet.example/path")]
    [InlineData("wss://user:password@fleet.example/mqtt")]
    [InlineData("https://fleet.example/mqtt/poll?token=1")]
    [InlineData("ws://fleet.example/mqtt")]
    [InlineData("http://fleet.example/mqtt/poll")]
    [InlineData("mqtt://fleet.example")]
    public void Addresses_ThatDevicesCouldNotUse_AreRefused(string url) =>
        Assert.Contains("public-mqtt-url", Assert.Single(Read(("public-mqtt-url", "mqtts://good.example," + url)).Errors), StringComparison.Ordinal);

    [Fact]
    public void Addresses_MoreThanANoticeHolds_AreRefused()
    {
        var urls = string.Join(',', Enumerable.Range(1, 17).Select(number => $"mqtts://r{number}.example"));

        Assert.Contains("17 addresses", Assert.Single(Read(("public-mqtt-url", urls)).Errors), StringComparison.Ordinal);
    }

    private static string[] Addresses(params (string Name, string Value)[] options)
    {
        var (read, errors) = Read(options);
        Assert.Empty(errors);
        return [.. ServerAddresses.Of(read, []).Mqtt.Select(static url => url.AbsoluteUri)];
    }

    private static (FleetServerOptions Options, IReadOnlyList<string> Errors) Read(params (string Name, string Value)[] options) =>
        OptionsReader.Read(
            options.Append(("data", "/nonexistent/data")).ToDictionary(static option => option.Item1, static option => option.Item2, StringComparer.Ordinal),
            new Hashtable());
}
