using Messaging.Agent.Logs.Journal;
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

    /// <summary>Every collector and how often it measures unless told otherwise. A test holds it against the collectors themselves.</summary>
    public static readonly IReadOnlyDictionary<string, TimeSpan> DefaultIntervals = new SortedDictionary<string, TimeSpan>(StringComparer.Ordinal)
    {
        ["cpu"] = TimeSpan.FromSeconds(10),
        ["disk"] = TimeSpan.FromSeconds(10),
        ["filesystem"] = TimeSpan.FromSeconds(60),
        ["hardware"] = TimeSpan.FromSeconds(30),
        ["load"] = TimeSpan.FromSeconds(10),
        ["memory"] = TimeSpan.FromSeconds(10),
        ["network"] = TimeSpan.FromSeconds(10),
        ["paging"] = TimeSpan.FromSeconds(30),
        ["processes"] = TimeSpan.FromSeconds(30),
        ["temperature"] = TimeSpan.FromSeconds(30),
        ["units"] = TimeSpan.FromSeconds(30),
        ["uptime"] = TimeSpan.FromSeconds(30),
    };

    public static readonly IReadOnlyList<string> CollectorNames = [.. DefaultIntervals.Keys];

    public static readonly OptionDescription Interval = new(IntervalsSection, Duration, static _ => null, 0.1, 7 * Day);
    public static readonly OptionDescription Script = new(ScriptsSection, OptionKind.Path, static _ => null);

    private static readonly string[] CommandTypes =
        ["ping", "collect", "set-intervals", "desired-set", "rotate-keys", "restart-unit", "reboot", "run-script", "gpio-set", "pwm-set", "app", "run-inline", "file-read", "file-write", "packages", "update", "shell", "push", "pull"];

    public static readonly IReadOnlyList<OptionDescription> All =
    [
        new("Device:State", OptionKind.Path, static o => o.Device.State),
        new("Device:Name", Text, static o => o.Device.Name),
        new("Transport:Endpoint", List, static o => o.Transport.Endpoint),
        new("Transport:Proxy", Text, static o => o.Transport.Proxy),
        new("Transport:ProxyUser", Text, static o => o.Transport.ProxyUser),
        new("Transport:ProxyPasswordFile", OptionKind.Path, static o => o.Transport.ProxyPasswordFile),
        new("Transport:Metered", Choice, static o => o.Transport.Metered, Choices: ["auto", "on", "off"]),
        new("Transport:KeepAlive", Duration, static o => o.Transport.KeepAlive, 1, 3600),
        new("Transport:ConnectTimeout", Duration, static o => o.Transport.ConnectTimeout, 1, 600),
        new("Transport:BackoffMinimum", Duration, static o => o.Transport.BackoffMinimum, 0.1, 3600),
        new("Transport:BackoffMaximum", Duration, static o => o.Transport.BackoffMaximum, 0.1, Day),
        new("Transport:ProbeInterval", Duration, static o => o.Transport.ProbeInterval, 1, Day),
        new("Uplink:MetricsFlush", Duration, static o => o.Uplink.MetricsFlush, 0.1, Day),
        new("Uplink:MetricsFlushWatched", Duration, static o => o.Uplink.MetricsFlushWatched, 0.1, Day),
        new("Uplink:LogsFlush", Duration, static o => o.Uplink.LogsFlush, 0.01, 3600),
        new("Uplink:RecordBytes", Size, static o => o.Uplink.RecordBytes, 4096, 192 * 1024),
        new("Uplink:EpochLifetime", Duration, static o => o.Uplink.EpochLifetime, 60, 30 * Day),
        new("Uplink:ResendAfter", Duration, static o => o.Uplink.ResendAfter, 1, 3600),
        new("Uplink:ResendMaximum", Duration, static o => o.Uplink.ResendMaximum, 1, Day),
        new("Uplink:HistoryRate", Size, static o => o.Uplink.HistoryRate),
        new("Uplink:DailyBytes", Size, static o => o.Uplink.DailyBytes),
        new("Uplink:MeteredFlush", Duration, static o => o.Uplink.MeteredFlush, 0.1, Day),
        new("Uplink:MeteredHistoryRate", Size, static o => o.Uplink.MeteredHistoryRate),
        new("Uplink:KeyRotation", Duration, static o => o.Uplink.KeyRotation, 3600, 365 * Day),
        new("Spool:MaxBytes", Size, static o => o.Spool.MaxBytes, 1 * MiB, 1024 * 1024 * MiB),
        new("Spool:MaxDiskShare", Number, static o => o.Spool.MaxDiskShare, 1, 100),
        new("Spool:KeepFree", Size, static o => o.Spool.KeepFree),
        new("Spool:Evict", Choice, static o => o.Spool.Evict, Choices: ["oldest", "lowest-priority"]),
        new("Spool:SegmentBytes", Size, static o => o.Spool.SegmentBytes, 0.5 * MiB, 256 * MiB),
        new("Spool:SyncInterval", Duration, static o => o.Spool.SyncInterval, 0.01, 60),
        new("Spool:SyncRecords", Number, static o => o.Spool.SyncRecords, 1, 100_000),
        new("Commands:Allow", List, static o => o.Commands.Allow, Choices: CommandTypes),
        new("Commands:Units", List, static o => o.Commands.Units),
        new("Commands:ScriptsDirectory", OptionKind.Path, static o => o.Commands.ScriptsDirectory),
        new("Commands:ScriptTimeout", Duration, static o => o.Commands.ScriptTimeout, 1, Day),
        new("Commands:ScriptMemory", Size, static o => o.Commands.ScriptMemory),
        new("Commands:ScriptProcesses", Number, static o => o.Commands.ScriptProcesses, 0, 100_000),
        new("Commands:ScriptCpu", Number, static o => o.Commands.ScriptCpu, 0, 25_600),
        new("Commands:StopGrace", Duration, static o => o.Commands.StopGrace, 0.1, 60),
        new("Commands:Cgroup", Text, static o => o.Commands.Cgroup),
        new("Commands:StreamBytes", Size, static o => o.Commands.StreamBytes, 0, 16 * MiB),
        new("Commands:Interpreters", List, static o => o.Commands.Interpreters),
        new("Commands:ReadPaths", List, static o => o.Commands.ReadPaths),
        new("Commands:WritePaths", List, static o => o.Commands.WritePaths),
        new("Commands:OutputBytes", Size, static o => o.Commands.OutputBytes, 0, 128 * 1024),
        new("Commands:Packages", List, static o => o.Commands.Packages),
        new("Commands:PackageTimeout", Duration, static o => o.Commands.PackageTimeout, 10, 7 * Day),
        new("Commands:UnitTimeout", Duration, static o => o.Commands.UnitTimeout, 1, 3600),
        new("Collect:Proc", OptionKind.Path, static o => o.Collect.Proc),
        new("Collect:Sys", OptionKind.Path, static o => o.Collect.Sys),
        new("Collect:Disable", List, static o => o.Collect.Disable, Choices: CollectorNames),
        new("Collect:Deadline", Duration, static o => o.Collect.Deadline, 0.1, 600),
        new("Collect:Processes", Number, static o => o.Collect.Processes, 0, 50),
        new("Collect:Units", List, static o => o.Collect.Units),
        new("Collect:MaxSeries", Number, static o => o.Collect.MaxSeries, 1, 8192),
        new("Local:Enabled", Choice, static o => o.Local.Enabled, Choices: ["no", "yes"]),
        new("Local:Socket", OptionKind.Path, static o => o.Local.Socket),
        new("Local:Group", Text, static o => o.Local.Group),
        new("Local:Mode", Choice, static o => o.Local.Mode, Choices: ["0600", "0660", "0666"]),
        new("Local:MaxConnections", Number, static o => o.Local.MaxConnections, 1, 1024),
        new("Local:LineBytes", Size, static o => o.Local.LineBytes, 256, 64 * 1024),
        new("Local:LinesPerSecond", Number, static o => o.Local.LinesPerSecond, 1, 10_000),
        new("Local:Flush", Duration, static o => o.Local.Flush, 0.001, 60),
        new("Local:Apps", List, static o => o.Local.Apps),
        new("Local:AppTimeout", Duration, static o => o.Local.AppTimeout, 1, Day),
        new("Local:Drop", OptionKind.Path, static o => o.Local.Drop),
        new("Files:Enabled", Choice, static o => o.Files.Enabled, Choices: ["no", "yes"]),
        new("Files:MaxBytes", Size, static o => o.Files.MaxBytes, 1, 1024 * 1024 * MiB),
        new("Files:DayBytes", Size, static o => o.Files.DayBytes),
        new("Files:Rate", Size, static o => o.Files.Rate),
        new("Files:UplinkShare", Number, static o => o.Files.UplinkShare, 1, 100),
        new("Sessions:Max", Number, static o => o.Sessions.Max, 1, 6),
        new("Sessions:Idle", Duration, static o => o.Sessions.Idle, 10, Day),
        new("Sessions:Longest", Duration, static o => o.Sessions.Longest, 60, 7 * Day),
        new("Sessions:Resume", Duration, static o => o.Sessions.Resume, 10, 3600),
        new("Sessions:Helper", OptionKind.Path, static o => o.Sessions.Helper),
        new("Sessions:Shell", OptionKind.Path, static o => o.Sessions.Shell),
        new("Sessions:RecordBytes", Size, static o => o.Sessions.RecordBytes, MiB, 1024 * MiB),
        new("Sessions:RecordQuota", Size, static o => o.Sessions.RecordQuota, MiB, 1024 * 1024 * MiB),
        new("Sessions:MaxFileBytes", Size, static o => o.Sessions.MaxFileBytes, 1, 1024 * 1024 * MiB),
        new("Sessions:KeepFree", Size, static o => o.Sessions.KeepFree),
        new("Sessions:KeepPartial", Duration, static o => o.Sessions.KeepPartial, 0, 7 * Day),
        new("Logs:Files", List, static o => o.Logs.Files),
        new("Logs:SyncFiles", Choice, static o => o.Logs.SyncFiles, Choices: ["on", "off"]),
        new("Logs:Journal", Choice, static o => o.Logs.Journal, Choices: ["auto", "on", "off"]),
        new("Logs:JournalFolder", OptionKind.Path, static o => o.Logs.JournalFolder),
        new("Logs:JournalInitial", Duration, static o => o.Logs.JournalInitial, 0, 365 * Day),
        new("Logs:JournalUnits", List, static o => o.Logs.JournalUnits),
        new("Logs:JournalPriority", Choice, static o => o.Logs.JournalPriority, Choices: JournalSeverity.Priorities),
        new("Logs:InitialBytes", Size, static o => o.Logs.InitialBytes),
        new("Logs:LineBytes", Size, static o => o.Logs.LineBytes, 256, 64 * 1024),
        new("Logs:PartialLineAge", Duration, static o => o.Logs.PartialLineAge, 0.1, 3600),
        new("Logs:Poll", Duration, static o => o.Logs.Poll, 0.01, 60),
        new("Trust:AskInterval", Duration, static o => o.Trust.AskInterval, 1, 30 * Day),
        new("Trust:AskIntervalSilent", Duration, static o => o.Trust.AskIntervalSilent, 1, 30 * Day),
        new("Clock:Believe", Choice, static o => o.Clock.Believe, Choices: ClockOptions.Beliefs),
        new("Clock:BeaconInterval", Duration, static o => o.Clock.BeaconInterval, 60, 7 * Day),
        new("Twin:Settings", List, static o => o.Twin.Settings),
        new("Twin:Check", Duration, static o => o.Twin.Check, 1, Day),
        new("Twin:AppDeadline", Duration, static o => o.Twin.AppDeadline, 1, Day),
        new("Updates:Hardware", List, static o => o.Updates.Hardware),
        new("Updates:Mirrors", List, static o => o.Updates.Mirrors),
        new("Updates:Rate", Size, static o => o.Updates.Rate),
        new("Updates:MaxBytes", Size, static o => o.Updates.MaxBytes, 1, 1024 * 1024 * MiB),
        new("Updates:KeepFree", Size, static o => o.Updates.KeepFree),
        new("Updates:OnMetered", Choice, static o => o.Updates.OnMetered, Choices: ["no", "yes"]),
        new("Updates:Neighbours", Choice, static o => o.Updates.Neighbours, Choices: ["no", "yes"]),
        new("Updates:Share", Choice, static o => o.Updates.Share, Choices: ["no", "yes"]),
        new("Updates:ShareBytes", Size, static o => o.Updates.ShareBytes),
        new("Updates:ShareRate", Size, static o => o.Updates.ShareRate),
        new("Updates:Lan", List, static o => o.Updates.Lan),
        new("Updates:LanPort", Number, static o => o.Updates.LanPort, 1024, ushort.MaxValue),
        new("Updates:Helper", OptionKind.Path, static o => o.Updates.Helper),
        new("Updates:Installed", OptionKind.Path, static o => o.Updates.Installed),
        new("Systemd:BusAddress", Text, static o => o.Systemd.BusAddress),
        new("Systemd:Helper", OptionKind.Path, static o => o.Systemd.Helper),
        new("Systemd:Packages", OptionKind.Path, static o => o.Systemd.Packages),
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
            : All.FirstOrDefault(option => string.Equals(option.Key, key, StringComparison.OrdinalIgnoreCase))
                ?? SectionTemplates.All.Select(template => template.Find(key)).FirstOrDefault(option => option is not null);
    }
}
