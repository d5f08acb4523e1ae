using Messaging.Twin;
using Messaging.Updates;
using Messaging.Updates.Releases;
using static Messaging.Commands.Catalog.ArgumentKind;

namespace Messaging.Commands.Catalog;

/// <summary>
/// The types of commands with their arguments, as the API, fleetctl and the dashboard name them. Their readers are held to it by
/// messaging/spec/vectors/command-arguments.json.
/// </summary>
public static class CommandTypeCatalog
{
    /// <summary>The longest interval of a collector that a command sets, in milliseconds.</summary>
    public const double LongestIntervalMs = 24 * 3_600_000;

    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>All of them, in the order in which people are shown them.</summary>
    public static IReadOnlyList<CommandType> All { get; } =
    [
        new(CommandTypes.Ping, "Answers at once.", Soon) { IsIdempotent = true },
        new(CommandTypes.Collect, "Measures now.", Soon, new CommandArgument("collectors", Texts, "Which; none means all.") { MaxCount = 64, Max = 64 }) { IsIdempotent = true },
        new(
            CommandTypes.SetIntervals, "Sets how often is measured.", Day,
            new CommandArgument("intervals", Intervals, "Collectors with their milliseconds; 0 switches one off.") { IsRequired = true, MaxCount = 64, Max = LongestIntervalMs })
        {
            IsIdempotent = true,
        },
        new(CommandTypes.RestartUnit, "Restarts a systemd unit.", Hour, new CommandArgument("unit", Text, "Its name.") { IsRequired = true, Max = 255 }) { IsBoundToBoot = true },
        new(CommandTypes.Reboot, "Restarts the device.", Hour) { IsBoundToBoot = true },
        new(
            CommandTypes.RunScript, "Runs one of the scripts of the device's owner.", Hour,
            [new CommandArgument("name", Text, "Its name on the device.") { IsRequired = true, Max = 128 }, Arguments(), .. Limits()])
        {
            IsBoundToBoot = true,
            Streams = true,
        },
        new(
            CommandTypes.RunInline, "Runs a script that comes with the command.", Hour,
            [
                new CommandArgument("interpreter", Text, "A program that the device allows for it, such as /bin/sh.") { IsRequired = true, Max = RunInlineArguments.MaxInterpreterBytes },
                new CommandArgument("body", Text, "The script.") { IsRequired = true, Max = RunInlineArguments.MaxBodyBytes, IsLong = true },
                Arguments(), .. Limits(),
            ])
        {
            IsBoundToBoot = true,
            Streams = true,
        },
        new(CommandTypes.Cancel, "Has another command of the device not started, or stopped.", Hour, new CommandArgument("command", Id, "Which.") { IsRequired = true })
        {
            IsIdempotent = true,
        },
        new(
            CommandTypes.FileRead, "Reads a part of a file.", Soon,
            new CommandArgument("path", Text, "Below a folder that the device allows.") { IsRequired = true, Max = FileReadArguments.MaxPathBytes },
            new CommandArgument("offset", Whole, "From where, in bytes; from the beginning unless given.") { Max = FileReadArguments.MaxOffset },
            new CommandArgument("length", Whole, "How many bytes; as many as there can be unless given.") { Min = 1, Max = FileReadArguments.MaxBytes })
        {
            IsIdempotent = true,
        },
        new(
            CommandTypes.FileWrite, "Replaces a file, whole or not at all.", Hour,
            new CommandArgument("path", Text, "Below a folder that the device allows.") { IsRequired = true, Max = FileReadArguments.MaxPathBytes },
            new CommandArgument("content", Base64, "Its new content.") { IsRequired = true, Max = FileReadArguments.MaxBytes, IsLong = true },
            new CommandArgument("mode", Whole, "Its permissions as a number; 420 (0644) unless given.") { Max = FileWriteArguments.MaxMode },
            new CommandArgument("expected", Hash, "SHA-256 of what it replaces; empty: there must be no file; not given: whatever is there."))
        {
            IsBoundToBoot = true,
        },
        new(
            CommandTypes.Packages, "Installs, upgrades and removes packages.", Hour,
            new CommandArgument("action", Choice, "What is done; refresh reads anew what there is.") { IsRequired = true, Choices = PackagesArguments.ActionWords },
            new CommandArgument("packages", Texts, "Names; for install also name=version. None for refresh; none for upgrade means all.")
            {
                MaxCount = PackagesArguments.MaxPackages,
                Max = (2 * PackageReference.MaxBytes) + 1,
            },
            new CommandArgument("allowDowngrade", ArgumentKind.Boolean, "For install: a lower version than the installed one will do."),
            new CommandArgument("recommends", ArgumentKind.Boolean, "Also what the packages recommend."),
            Limits()[0],
            Limits()[^1])
        {
            IsBoundToBoot = true,
            Streams = true,
        },
        new(
            CommandTypes.Update, "Installs a release of the update repository; the device goes back by itself when that does not work.", Week,
            new CommandArgument("target", Text, "Its path in the repository.") { IsRequired = true, Max = TufLimits.MaxPathBytes },
            new CommandArgument("length", Whole, "Its length in bytes, as the repository lists it.") { IsRequired = true, Max = UpdateArguments.MaxLength },
            new CommandArgument("sha256", Hash, "Its SHA-256, as the repository lists it.") { IsRequired = true },
            new CommandArgument("key", Base64, "The 32 bytes that an encrypted release is opened with.") { Max = UpdateArguments.KeyBytes, IsSecret = true },
            new CommandArgument("mirrors", Texts, "Addresses of copies of the repository that are tried first.") { MaxCount = UpdateArguments.MaxMirrors, Max = UpdateArguments.MaxMirrorBytes },
            new CommandArgument("seconds", Whole, "Within which time of its acceptance it is switched; 604800 (a week) unless given.")
            {
                Min = UpdateArguments.MinSeconds,
                Max = UpdateArguments.MaxSeconds,
            },
            new CommandArgument("spread", Whole, "The download begins at a random moment of so many seconds; 0 unless given.") { Max = UpdateArguments.MaxSpreadSeconds })
        {
            IsIdempotent = true,
        },
        new(
            CommandTypes.GpioSet, "Switches an output.", Soon,
            new CommandArgument("name", Text, "Which.") { IsRequired = true, Max = 64 },
            new CommandArgument("value", ArgumentKind.Boolean, "On or off.") { IsRequired = true },
            new CommandArgument("pulse", Whole, "Milliseconds; then the opposite.") { Min = 1, Max = 3_600_000 })
        {
            IsBoundToBoot = true,
        },
        new(
            CommandTypes.PwmSet, "Sets a PWM output.", Soon,
            new CommandArgument("name", Text, "Which.") { IsRequired = true, Max = 64 },
            new CommandArgument("duty", Share, "The part of the time that it is on.") { IsRequired = true, Max = 1 })
        {
            IsBoundToBoot = true,
        },
        new(
            CommandTypes.App, "Hands a command to one of the device's own programs.", Hour,
            new CommandArgument("name", Text, "Under which it listens.") { IsRequired = true, Max = 128 },
            Arguments(),
            new CommandArgument("payload", Base64, "Whatever it takes.") { Max = AppArguments.MaxPayloadBytes })
        {
            IsBoundToBoot = true,
            Streams = true,
        },
        new(
            CommandTypes.DesiredSet, "Says what the device is to be like; it sees to it by itself.", Day,
            new CommandArgument("version", Whole, "Above that of the state before.") { IsRequired = true, Min = 1, Max = DesiredState.MaxVersion },
            new CommandArgument("settings", Settings, "Options of the agent that the device lets be set.") { MaxCount = DesiredState.MaxProperties, Max = TwinText.MaxSettingBytes },
            new CommandArgument("files", ArgumentKind.Files, "Files below folders that the device allows.") { MaxCount = DesiredState.MaxProperties, Max = FileReadArguments.MaxBytes },
            new CommandArgument("units", Texts, "systemd units that are to be active.") { MaxCount = DesiredState.MaxProperties, Max = TwinText.MaxUnitBytes },
            new CommandArgument("app", Values, "Values for the device's own programs.") { MaxCount = DesiredState.MaxProperties, Max = AppValue.MaxTextBytes })
        {
            IsIdempotent = true,
        },
        new(CommandTypes.RotateKeys, "Makes new keys.", Day) { IsBoundToBoot = true },
    ];

    /// <summary>Null when there is none of this name.</summary>
    public static CommandType? Find(string name)
    {
        foreach (var type in All)
        {
            if (type.Name == name)
            {
                return type;
            }
        }

        return null;
    }

    private static CommandArgument Arguments() => new("arguments", Texts, "Its arguments.") { MaxCount = 64, Max = 4096 };

    private static CommandArgument[] Limits() =>
    [
        new("timeout", Whole, "Seconds; then it is stopped. Like all limits, at most the device's own.") { Min = 1, Max = RunLimits.MaxSeconds },
        new("memory", Whole, "Bytes of it and all that it starts.") { Min = RunLimits.MinMemoryBytes, Max = RunLimits.MaxMemoryBytes },
        new("processes", Whole, "At a time, threads included.") { Min = 1, Max = RunLimits.MaxProcesses },
        new("cpu", Share, "Processors: 0.5 is half of one.") { Min = 0.001, Max = RunLimits.MaxCpuPermille / 1000.0 },
        new("outputBytes", Whole, "How much of its output is sent.") { Max = CommandOutput.MaxTotalBytes },
    ];
}
