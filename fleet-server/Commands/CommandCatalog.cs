using System.Collections.Frozen;
using System.Text;
using Messaging.Commands;
using Messaging.Commands.Catalog;
using Messaging.FleetServer.Devices;
using Messaging.Updates;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Commands;

/// <summary>The types of commands that the server can send, and how their arguments look.</summary>
internal static class CommandCatalog
{
    public static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(30);

    /// <summary>0644.</summary>
    private const int DefaultMode = 0x1a4;
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMilliseconds(CommandTypeCatalog.LongestIntervalMs);

    private static readonly FrozenDictionary<string, CommandKind> Kinds = new (string Type, Func<ArgumentReader, Device, byte[]> Parse)[]
    {
        (CommandTypes.Ping, (_, _) => EmptyArguments.Encode()),
        (CommandTypes.Collect, (args, _) => new CollectArguments(args.Texts("collectors", 64, 64)).Encode()),
        (CommandTypes.SetIntervals, (args, _) => new SetIntervalsArguments(args.Intervals("intervals", 64, LongestInterval)).Encode()),
        (CommandTypes.RestartUnit, (args, device) => new RestartUnitArguments(Listed(args.Text("unit", 255), device, device.Units, "unit")).Encode()),
        (CommandTypes.Reboot, (_, _) => EmptyArguments.Encode()),
        (CommandTypes.RunScript, (args, device) =>
            new RunScriptArguments(Listed(args.Text("name", 128), device, device.Scripts, "name"), args.Texts("arguments", 64, 4096, mayBeEmpty: true), Limits(args)).Encode()),
        (CommandTypes.RunInline, (args, _) => new RunInlineArguments(
            args.Text("interpreter", RunInlineArguments.MaxInterpreterBytes),
            Encoding.UTF8.GetBytes(args.Text("body", RunInlineArguments.MaxBodyBytes)),
            args.Texts("arguments", 64, 4096, mayBeEmpty: true),
            Limits(args)).Encode()),
        (CommandTypes.Cancel, (args, _) => CancelArguments.Encode(args.Id("command"))),
        (CommandTypes.FileRead, (args, _) => new FileReadArguments(
            args.Text("path", FileReadArguments.MaxPathBytes),
            args.Whole("offset", 0, FileReadArguments.MaxOffset) ?? 0,
            (int?)args.Whole("length", 1, FileReadArguments.MaxBytes) ?? FileReadArguments.MaxBytes).Encode()),
        (CommandTypes.FileWrite, (args, _) => new FileWriteArguments(
            args.Text("path", FileReadArguments.MaxPathBytes),
            (int?)args.Whole("mode", 0, FileWriteArguments.MaxMode) ?? DefaultMode,
            args.Base64("content", FileReadArguments.MaxBytes, isRequired: true),
            args.Hash("expected")).Encode()),
        (CommandTypes.Packages, (args, _) => Packages(args)),
        (CommandTypes.Update, (args, _) => Update(args)),
        (CommandTypes.GpioSet, (args, device) =>
            new GpioSetArguments(
                Listed(args.Text("name", 64), device, Fact(device, "gpio.outputs"), "name"),
                args.Boolean("value"),
                args.Milliseconds("pulse", GpioSetArguments.MaxPulse)).Encode()),
        (CommandTypes.PwmSet, (args, device) =>
            new PwmSetArguments(
                Listed(args.Text("name", 64), device, Fact(device, "pwm.outputs"), "name"), (int)Math.Round(args.Share("duty") * 1000)).Encode()),
        (CommandTypes.App, (args, device) =>
            new AppArguments(
                Listed(args.Text("name", 128), device, Fact(device, "app.names"), "name"),
                args.Texts("arguments", 64, 4096, mayBeEmpty: true),
                args.Base64("payload", AppArguments.MaxPayloadBytes)).Encode()),
        (CommandTypes.DesiredSet, (args, _) => args.Desired().Encode()),
        (CommandTypes.RotateKeys, (_, _) => EmptyArguments.Encode()),
    }.ToFrozenDictionary(
        one => one.Type, one => new CommandKind(CommandTypeCatalog.Find(one.Type) ?? throw new InvalidOperationException($"{one.Type} is in no catalog."), one.Parse), StringComparer.Ordinal);

    public static IEnumerable<string> Types => Kinds.Keys.Order(StringComparer.Ordinal);

    public static CommandKind? Find(string type) => Kinds.GetValueOrDefault(type);

    private static List<string> Fact(Device device, string name) =>
        [.. (device.Facts.GetValueOrDefault(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    private static RunLimits Limits(ArgumentReader args) => new(
        (int?)args.Whole("timeout", 1, RunLimits.MaxSeconds),
        args.Whole("memory", RunLimits.MinMemoryBytes, RunLimits.MaxMemoryBytes),
        (int?)args.Whole("processes", 1, RunLimits.MaxProcesses),
        args.Share("cpu", 0.001, RunLimits.MaxCpuPermille / 1000.0) is { } cpu ? (int)Math.Round(cpu * 1000) : null,
        (int?)args.Whole("outputBytes", 0, CommandOutput.MaxTotalBytes));

    private static byte[] Packages(ArgumentReader args)
    {
        var action = PackagesArguments.ParseAction(args.Choice("action", PackagesArguments.ActionWords))!.Value;
        var packages = args.Packages("packages");
        var (downgrade, recommends) = (args.Flag("allowDowngrade"), args.Flag("recommends"));
        var limits = new RunLimits((int?)args.Whole("timeout", 1, RunLimits.MaxSeconds), null, null, null, (int?)args.Whole("outputBytes", 0, CommandOutput.MaxTotalBytes));
        return PackagesArguments.Check(action, packages, downgrade, recommends) is { } problem
            ? throw new ArgumentProblemException("args.packages", problem)
            : new PackagesArguments(action, packages, downgrade, recommends, limits).Encode();
    }

    private static byte[] Update(ArgumentReader args)
    {
        var key = args.Base64("key", UpdateArguments.KeyBytes);
        var update = new UpdateArguments
        {
            Target = args.Text("target", TufLimits.MaxPathBytes),
            Length = args.Whole("length", 0, UpdateArguments.MaxLength) ?? throw new ArgumentProblemException("args.length", "The argument length is missing."),
            Sha256 = args.Hash("sha256") ?? throw new ArgumentProblemException("args.sha256", "The argument sha256 is missing."),
            Key = key.Length == 0 ? (ReadOnlyMemory<byte>?)null : key,
            Mirrors = args.Texts("mirrors", UpdateArguments.MaxMirrors, UpdateArguments.MaxMirrorBytes),
            Seconds = (int?)args.Whole("seconds", UpdateArguments.MinSeconds, UpdateArguments.MaxSeconds) ?? UpdateArguments.DefaultSeconds,
            SpreadSeconds = (int?)args.Whole("spread", 0, UpdateArguments.MaxSpreadSeconds) ?? 0,
        };
        return update.Check() is { } problem ? throw new ArgumentProblemException("args", problem) : update.Encode();
    }

    /// <summary>The device decides; but what it would refuse anyway need not be sent.</summary>
    private static string Listed(string value, Device device, List<string> allowed, string argument) =>
        !device.Described || allowed.Contains(value, StringComparer.Ordinal)
            ? value
            : throw new ArgumentProblemException(
                $"args.{argument}",
                allowed.Count == 0
                    ? $"The device's owner allows no {argument} at all; see the device's configuration."
                    : $"The device's owner allows only: {string.Join(", ", allowed)}.",
                "not_allowed_on_device");
}
