using System.IO.Pipelines;
using System.Net;

namespace Messaging.Relay.Transport;

/// <summary>The byte stream under one MQTT connection, whatever carries it.</summary>
internal sealed class RelayTransport
{
    /// <summary>Received bytes.</summary>
    public required PipeReader Input { get; init; }

    /// <summary>Bytes to send.</summary>
    public required PipeWriter Output { get; init; }

    /// <summary>The client's address; null for a Unix socket.</summary>
    public required EndPoint? Remote { get; init; }

    /// <summary>SHA-256 of the SPKI of the certificate that this end showed, or null without TLS.</summary>
    public required byte[]? TlsSpkiSha256 { get; init; }

    /// <summary>What the bytes travel in.</summary>
    public required Carrier Carrier { get; init; }

    /// <summary>The same for people, behind the version's name: "+tls", and "+ws" or "+poll", where they apply.</summary>
    public string Carriers => (TlsSpkiSha256 is null ? "" : "+tls") + Carrier switch
    {
        Carrier.WebSocket => "+ws",
        Carrier.LongPoll => "+poll",
        _ => "",
    };

    /// <summary>When it was accepted, on the clock's time stamps, if that was before it was handed over.</summary>
    public long? AcceptedAt { get; set; }

    /// <summary>Whether the peer has gone without a word, where no connection tells by its end.</summary>
    public Func<bool> IsAbandoned { get; init; } = static () => false;

    /// <summary>Ends the connection at once, unsent bytes or not.</summary>
    public required Action Abort { get; init; }
}
