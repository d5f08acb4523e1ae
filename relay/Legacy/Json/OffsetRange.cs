namespace Messaging.Relay.Legacy.Json;

/// <summary>What a receive asks for. Where the seed system was to look (pollSource, source) has no meaning here, and is not read.</summary>
internal sealed record OffsetRange(long? GlobalOffset, long? LocalOffset, long? Limit, bool? PollingDisabled)
{
    /// <summary>The larger of the two, which both are the channel's; null: neither is there.</summary>
    public long? From => (GlobalOffset, LocalOffset) switch
    {
        ({ } global, { } local) => Math.Max(global, local),
        var (global, local) => global ?? local,
    };
}
