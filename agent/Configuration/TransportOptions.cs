namespace Messaging.Agent.Configuration;

internal sealed class TransportOptions
{
    /// <summary>Instead of the endpoints in the fleet's roster: <c>mqtts://host:port</c>, <c>mqtt://</c>, <c>wss://host/mqtt</c>, <c>ws://</c>.</summary>
    public string Endpoint { get; set; } = "";

    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(30);

    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Reconnecting waits between these two, jittered, doubling.</summary>
    public TimeSpan BackoffMinimum { get; set; } = TimeSpan.FromSeconds(1);

    public TimeSpan BackoffMaximum { get; set; } = TimeSpan.FromMinutes(2);
}
