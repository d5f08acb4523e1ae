using static Messaging.Agent.Configuration.OptionKind;

namespace Messaging.Agent.Configuration;

/// <summary>Every option. A test holds it against the properties of <see cref="AgentOptions"/> and against firmware-scripts/agent.conf.</summary>
internal static class OptionCatalog
{
    private const double Day = 24 * 3600;
    private const double MiB = 1024 * 1024;

    /// <summary>Sections whose keys the user chooses.</summary>
    public const string ScriptsSection = "Scripts";
    public const string IntervalsSection = "Intervals";

    public static readonly IReadOnlyList<string> CollectorNames =
    [
        "cpu", "disk", "filesystem", "load", "memory", "network", "paging", "processes", "temperature", "units", "uptime",
    ];

    public static readonly OptionDescription Interval = new(IntervalsSection, Duration, 0.1, 7 * Day);
    public static readonly OptionDescription Script = new(ScriptsSection, OptionKind.Path);

    private static readonly string[] CommandTypes =
        ["ping", "collect", "set-intervals", "rotate-keys", "restart-unit", "reboot", "run-script"];

    public static readonly IReadOnlyList<OptionDescription> All =
    [
        new("Device:State", OptionKind.Path),
        new("Device:Name", Text),
        new("Transport:Endpoint", Text),
        new("Transport:KeepAlive", Duration, 1, 3600),
        new("Transport:ConnectTimeout", Duration, 1, 600),
        new("Transport:BackoffMinimum", Duration, 0.1, 3600),
        new("Transport:BackoffMaximum", Duration, 0.1, Day),
        new("Uplink:MetricsFlush", Duration, 0.1, Day),
        new("Uplink:LogsFlush", Duration, 0.01, 3600),
        new("Uplink:RecordBytes", Size, 4096, 192 * 1024),
        new("Uplink:EpochLifetime", Duration, 60, 30 * Day),
        new("Uplink:ResendAfter", Duration, 1, 3600),
        new("Uplink:ResendMaximum", Duration, 1, Day),
        new("Uplink:KeyRotation", Duration, 3600, 365 * Day),
        new("Spool:MaxBytes", Size, 1 * MiB, 1024 * 1024 * MiB),
        new("Spool:SegmentBytes", Size, 0.5 * MiB, 256 * MiB),
        new("Spool:SyncInterval", Duration, 0.01, 60),
        new("Spool:SyncRecords", Number, 1, 100_000),
        new("Commands:Allow", List, Choices: CommandTypes),
        new("Commands:Units", List),
        new("Commands:ScriptsDirectory", OptionKind.Path),
        new("Commands:ScriptTimeout", Duration, 1, Day),
        new("Commands:OutputBytes", Size, 0, 128 * 1024),
        new("Commands:UnitTimeout", Duration, 1, 3600),
        new("Collect:Proc", OptionKind.Path),
        new("Collect:Sys", OptionKind.Path),
        new("Collect:Disable", List, Choices: CollectorNames),
        new("Collect:Deadline", Duration, 0.1, 600),
        new("Collect:Processes", Number, 0, 50),
        new("Collect:Units", List),
        new("Collect:MaxSeries", Number, 1, 8192),
        new("Logs:Files", List),
        new("Logs:Journal", Choice, Choices: ["auto", "on", "off"]),
        new("Logs:JournalFolder", OptionKind.Path),
        new("Logs:JournalInitial", Duration, 0, 365 * Day),
        new("Logs:InitialBytes", Size),
        new("Logs:LineBytes", Size, 256, 64 * 1024),
        new("Logs:PartialLineAge", Duration, 0.1, 3600),
        new("Logs:Poll", Duration, 0.01, 60),
        new("Systemd:BusAddress", Text),
    ];

    /// <summary>Null when there is no such option.</summary>
    public static OptionDescription? Find(string key)
    {
        var section = key.Split(':')[0];
        if (string.Equals(section, IntervalsSection, StringComparison.OrdinalIgnoreCase))
        {
            return Interval with { Key = key };
        }

        return string.Equals(section, ScriptsSection, StringComparison.OrdinalIgnoreCase)
            ? Script with { Key = key }
            : All.FirstOrDefault(option => string.Equals(option.Key, key, StringComparison.OrdinalIgnoreCase));
    }
}
