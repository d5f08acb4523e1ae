namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>Which series of a metric are asked for.</summary>
/// <param name="All">Every series, the total as well as its parts.</param>
/// <param name="Attributes">Series that have all of these; none: the total, where there is one, else every series.</param>
internal sealed record SeriesChoice(bool All, IReadOnlyList<KeyValuePair<string, string>> Attributes)
{
    /// <summary>Picks from the series of one metric, keeping their order.</summary>
    public IReadOnlyList<SeriesInfo> From(IReadOnlyList<SeriesInfo> series)
    {
        if (Attributes.Count > 0)
        {
            return [.. series.Where(one => Attributes.All(one.Has))];
        }

        var total = All ? null : series.FirstOrDefault(static one => one.AttributesJson == SeriesInfo.NoAttributes);
        return total is null ? series : [total];
    }
}
