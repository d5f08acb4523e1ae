namespace Messaging.Agent.Status;

/// <param name="metered">The link costs money by the byte.</param>
/// <param name="meteredBy">Who says so.</param>
/// <param name="held">Why metrics and logs wait: <c>pause</c>, <c>data</c>; null: they do not.</param>
internal sealed class UplinkStatus(bool metered, string meteredBy, string? held)
{
    public bool Metered { get; } = metered;

    public string MeteredBy { get; } = meteredBy;

    public string? Held { get; } = held;

    /// <summary>The fleet has asked to keep metrics and logs back until then.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Who asked: <c>server-busy</c> or <c>operator</c>.</summary>
    public string? PausedBy { get; init; }

    /// <summary>Bytes today, both ways; null without <c>Uplink:DailyBytes</c>.</summary>
    public long? DataUsed { get; init; }

    public long? DataLimit { get; init; }

    /// <summary>When the next day begins.</summary>
    public DateTimeOffset? DataResetAt { get; init; }
}
