namespace Messaging.FleetServer.Devices;

/// <summary>What devices say of themselves, cut to what the registry keeps.</summary>
internal static class ReportedFacts
{
    public static Dictionary<string, string> Limit(IReadOnlyList<KeyValuePair<string, string>> facts)
    {
        var limited = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in facts)
        {
            if (limited.Count < DeviceLimits.Facts && key.Length is > 0 and <= DeviceLimits.NameLength)
            {
                limited[key] = value.Length <= DeviceLimits.FactLength ? value : value[..DeviceLimits.FactLength];
            }
        }

        return limited;
    }
}
