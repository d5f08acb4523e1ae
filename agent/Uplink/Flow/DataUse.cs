namespace Messaging.Agent.Uplink.Flow;

/// <param name="Used">Bytes today.</param>
/// <param name="Limit">Bytes of a day.</param>
/// <param name="Level">What that means.</param>
/// <param name="Left">Until the next day.</param>
internal sealed record DataUse(long Used, long Limit, DataLevel Level, TimeSpan Left);
