using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Messaging.Relay.Hosting;

/// <summary>Remembers the relay's listeners, because only they know the port that was picked for them.</summary>
internal sealed class RelayListeners
{
    /// <summary>Plain MQTT on loopback.</summary>
    public ListenOptions? Plain { get; set; }

    /// <summary>MQTT over TLS.</summary>
    public ListenOptions? Tls { get; set; }
}
