namespace Messaging.Relay.Legacy.Json;

/// <summary>POST /receive, and a pull over UDP. The two ranges are two names of one field.</summary>
internal sealed record ReceiveRequest(string? SessionId, OffsetRange? OffsetRange, OffsetRange? ReceiveConfig)
{
    public OffsetRange? Range => OffsetRange ?? ReceiveConfig;
}
