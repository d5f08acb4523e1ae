using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Commands;
using Messaging.Commands.Catalog;
using Messaging.Updates;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Commands;

/// <summary>The types of commands, and how their arguments look: by the names that the server's API has for them.</summary>
internal static class CommandCatalog
{
    /// <summary>0644.</summary>
    private const int DefaultMode = 0x1a4;
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMilliseconds(CommandTypeCatalog.LongestIntervalMs);

    private static readonly CommandKind[] Kinds =
    [
        Of(CommandTypes.Ping, _ => EmptyArguments.Encode()),
        Of(CommandTypes.Collect, args => new CollectArguments(args.Texts("collectors", 64, 64)).Encode()),
        Of(CommandTypes.SetIntervals, args => new SetIntervalsArguments(args.Intervals("intervals", 64, 64, LongestInterval)).Encode()),
        Of(CommandTypes.RestartUnit, args => new RestartUnitArguments(args.Text("unit", 255)).Encode()),
        Of(CommandTypes.Reboot, _ => EmptyArguments.Encode()),
        Of(CommandTypes.RunScript, args => new RunScriptArguments(args.Text("name", 128), args.Texts("arguments", 64, 4096, mayBeEmpty: true), Limits(args)).Encode()),
        Of(CommandTypes.RunInline, args => new RunInlineArguments(
            args.Text("interpreter", RunInlineArguments.MaxInterpreterBytes),
            Encoding.UTF8.GetBytes(args.Text("body", RunInlineArguments.MaxBodyBytes)),
            args.Texts("arguments", 64, 4096, mayBeEmpty: true),
            Limits(args)).Encode()),
        Of(CommandTypes.Cancel, args => CancelArguments.Encode(args.Id("command"))),
        Of(CommandTypes.FileRead, args => new FileReadArguments(
            args.Text("path", FileReadArguments.MaxPathBytes),
            args.Whole("offset", 0, FileReadArguments.MaxOffset) ?? 0,
            (int?)args.Whole("length", 1, FileReadArguments.MaxBytes) ?? FileReadArguments.MaxBytes).Encode()),
        Of(CommandTypes.FileWrite, args => new FileWriteArguments(
            args.Text("path", FileReadArguments.MaxPathBytes),
            (int?)args.Whole("mode", 0, FileWriteArguments.MaxMode) ?? DefaultMode,
            args.Base64("content", FileReadArguments.MaxBytes, isRequired: true),
            args.Hash("expected")).Encode()),
        Of(CommandTypes.Packages, Packages),
        Of(CommandTypes.Update, Update),
        Of(CommandTypes.GpioSet, args => new GpioSetArguments(args.Text("name", 64), args.Boolean("value"), args.Pulse("pulse", GpioSetArguments.MaxPulse)).Encode()),
        Of(CommandTypes.PwmSet, args => new PwmSetArguments(args.Text("name", 64), (int)Math.Round(args.Share("duty") * 1000)).Encode()),
        Of(CommandTypes.App, args => new AppArguments(
            args.Text("name", 128), args.Texts("arguments", 64, 4096, mayBeEmpty: true), args.Base64("payload", AppArguments.MaxPayloadBytes)).Encode()),
        Of(CommandTypes.DesiredSet, args => args.Desired().Encode()),
        Of(CommandTypes.RotateKeys, _ => EmptyArguments.Encode()),
    ];

    public static IEnumerable<string> Types => Kinds.Select(kind => kind.Type);

    public static CommandKind? Find(string type) => Array.Find(Kinds, kind => kind.Type == type);

    private static CommandKind Of(string type, Func<ArgumentReader, byte[]> encode) =>
        new(CommandTypeCatalog.Find(type) ?? throw new InvalidOperationException($"{type} is in no catalog."), encode);

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
            ? throw new CliException("--args: " + problem, ExitCodes.Usage)
            : new PackagesArguments(action, packages, downgrade, recommends, limits).Encode();
    }

    private static byte[] Update(ArgumentReader args)
    {
        var key = args.Base64("key", UpdateArguments.KeyBytes);
        var update = new UpdateArguments
        {
            Target = args.Text("target", TufLimits.MaxPathBytes),
            Length = args.Whole("length", 0, UpdateArguments.MaxLength) ?? throw args.Wrong("length", "is missing"),
            Sha256 = args.Hash("sha256") ?? throw args.Wrong("sha256", "is missing"),
            Key = key.Length == 0 ? (ReadOnlyMemory<byte>?)null : key,
            Mirrors = args.Texts("mirrors", UpdateArguments.MaxMirrors, UpdateArguments.MaxMirrorBytes),
            Seconds = (int?)args.Whole("seconds", UpdateArguments.MinSeconds, UpdateArguments.MaxSeconds) ?? UpdateArguments.DefaultSeconds,
            SpreadSeconds = (int?)args.Whole("spread", 0, UpdateArguments.MaxSpreadSeconds) ?? 0,
        };
        return update.Check() is { } problem ? throw new CliException("--args: " + problem, ExitCodes.Usage) : update.Encode();
    }
}
