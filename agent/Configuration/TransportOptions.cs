namespace Messaging.Agent.Configuration;

internal sealed class TransportOptions
{
    /// <summary>Instead of the endpoints in the fleet's roster: <c>mqtts://host:port</c>, <c>wss://host/mqtt</c>, <c>https://host/mqtt/poll</c>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The HTTP proxy that everything goes through; empty: that of the environment; <c>none</c>: none.</summary>
    public string Proxy { get; set; } = "";

    public string ProxyUser { get; set; } = "";

    /// <summary>Holds the password; empty: the systemd credential <c>proxy-password</c>.</summary>
    public string ProxyPasswordFile { get; set; } = "";

    /// <summary>Whether the link costs money by the byte: <c>on</c>, <c>off</c>, or <c>auto</c>: NetworkManager says it.</summary>
    public string Metered { get; set; } = "auto";

    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Reconnecting waits between these two, jittered, doubling.</summary>
    public TimeSpan BackoffMinimum { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan BackoffMaximum { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How soon a better transport is tried from a worse one.</summary>
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMinutes(5);

    public IReadOnlyList<string> EndpointList() => ValueList.Split(Endpoint);
}
