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

    /// <summary>Whether MQTT travels in WebSocket frames.</summary>
    public required bool IsWebSocket { get; init; }

    /// <summary>Ends the connection at once, unsent bytes or not.</summary>
    public required Action Abort { get; init; }
}
