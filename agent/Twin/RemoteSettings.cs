using System.Globalization;
using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;

namespace Messaging.Agent.Twin;

/// <summary>
/// Which options a desired state may set at all: what cannot lock the device's owner or its fleet out, and gives nobody a right. What of these
/// may be set on a device, its owner says (Twin:Settings). Pure.
/// </summary>
internal static class RemoteSettings
{
    private const string IntervalPrefix = OptionCatalog.IntervalsSection + ":";

    private static readonly string[] Live =
    [
        "Uplink:HistoryRate", "Uplink:KeyRotation", "Uplink:LogsFlush", "Uplink:MeteredFlush", "Uplink:MeteredHistoryRate", "Uplink:MetricsFlush",
        "Uplink:MetricsFlushWatched",
    ];

    private static readonly string[] AtStart =
    [
        "Collect:Deadline", "Collect:Disable", "Collect:MaxSeries", "Collect:Processes", "Collect:Units", "Files:DayBytes", "Files:Rate", "Files:UplinkShare",
        "Logs:Journal", "Logs:JournalPriority", "Logs:JournalUnits", "Spool:KeepFree", "Spool:MaxBytes", "Spool:MaxDiskShare", "Uplink:DailyBytes",
    ];

    /// <summary>It changes what the running agent does.</summary>
    public static bool IsLive(string key) => Array.IndexOf(Live, key) >= 0;

    /// <summary>It holds from the next start on.</summary>
    public static bool IsAtStart(string key) => Array.IndexOf(AtStart, key) >= 0;

    /// <summary>The collector whose interval it is, or null.</summary>
    public static string? Collector(string key) => key.StartsWith(IntervalPrefix, StringComparison.Ordinal) ? key[IntervalPrefix.Length..] : null;

    /// <returns>Null, or why this device does not let it be set so.</returns>
    public static string? Check(string key, string value, AgentOptions options, out string normalized)
    {
        normalized = "";
        if (Collector(key) is null && !IsLive(key) && !IsAtStart(key))
        {
            return $"{key} cannot be set from afar; there are Intervals:COLLECTOR, {string.Join(", ", Live)}, {string.Join(", ", AtStart)}";
        }

        if (!NamePattern.IsMatch(options.Twin.SettingList(), key))
        {
            return $"the owner of this device does not let {key} be set (Twin:Settings)";
        }

        return OptionValue.Normalize(OptionCatalog.Find(key)!, value, out normalized) is { } problem ? $"{key}: {problem}" : null;
    }

    /// <summary>What a value in force is, in the form of <see cref="Check"/>.</summary>
    public static string InForce(string key, AgentOptions options) => OptionCatalog.Find(key)!.Value(options) switch
    {
        TimeSpan duration => duration.ToString("c", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        var text => text?.ToString() ?? "",
    };

    /// <summary>The uplink's options with what is wanted of them.</summary>
    /// <param name="options">As configured.</param>
    /// <param name="key">A live one.</param>
    /// <param name="normalized">Of <see cref="Check"/>.</param>
    public static void Set(UplinkOptions options, string key, string normalized)
    {
        switch (key)
        {
            case "Uplink:HistoryRate":
                options.HistoryRate = Number(normalized);
                break;
            case "Uplink:MeteredHistoryRate":
                options.MeteredHistoryRate = Number(normalized);
                break;
            case "Uplink:KeyRotation":
                options.KeyRotation = Duration(normalized);
                break;
            case "Uplink:LogsFlush":
                options.LogsFlush = Duration(normalized);
                break;
            case "Uplink:MeteredFlush":
                options.MeteredFlush = Duration(normalized);
                break;
            case "Uplink:MetricsFlush":
                options.MetricsFlush = Duration(normalized);
                break;
            case "Uplink:MetricsFlushWatched":
                options.MetricsFlushWatched = Duration(normalized);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(key), key, "Not a live option.");
        }
    }

    public static TimeSpan Duration(string normalized) => TimeSpan.ParseExact(normalized, "c", CultureInfo.InvariantCulture);

    private static long Number(string normalized) => long.Parse(normalized, CultureInfo.InvariantCulture);
}
