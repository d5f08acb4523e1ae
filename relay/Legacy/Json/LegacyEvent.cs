namespace Messaging.Relay.Legacy.Json;

/// <summary>An event as it is stored and given out. The offset among the other properties is put in when it is given out.</summary>
/// <param name="From">Who sent it; the relay says so.</param>
/// <param name="Date">When the relay took it, in Unix milliseconds.</param>
internal sealed record LegacyEvent(
    string From, string? To, string Type, bool Encrypted, string? Content, long Date, Dictionary<string, RawJson?>? OtherProperties)
{
    private const string LocalOffset = "localOffset";

    /// <summary>The event with its place in the channel.</summary>
    public LegacyEvent At(long offset)
    {
        var properties = OtherProperties ?? new Dictionary<string, RawJson?>(StringComparer.Ordinal);
        properties[LocalOffset] = new RawJson($"\"{offset}\"");
        return this with { OtherProperties = properties };
    }
}
