using Messaging.Commands;

namespace Messaging.Cli.Commands;

/// <summary>The types of commands, and how their arguments look: by the names that the server's API has for them.</summary>
internal static class CommandCatalog
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    private static readonly CommandKind[] Kinds =
    [
        new(CommandTypes.Ping, Idempotent: true, BoundToBoot: false, _ => EmptyArguments.Encode()),
        new(CommandTypes.Collect, Idempotent: true, BoundToBoot: false, args =>
            new CollectArguments(args.Texts("collectors", 64, 64)).Encode()),
        new(CommandTypes.SetIntervals, Idempotent: true, BoundToBoot: false, args =>
            new SetIntervalsArguments(args.Intervals("intervals", 64, 64, LongestInterval)).Encode()),
        new(CommandTypes.RestartUnit, Idempotent: false, BoundToBoot: true, args => new RestartUnitArguments(args.Text("unit", 255)).Encode()),
        new(CommandTypes.Reboot, Idempotent: false, BoundToBoot: true, _ => EmptyArguments.Encode()),
        new(CommandTypes.RunScript, Idempotent: false, BoundToBoot: true, args =>
            new RunScriptArguments(args.Text("name", 128), args.Texts("arguments", 64, 4096)).Encode()),
        new(CommandTypes.GpioSet, Idempotent: false, BoundToBoot: true, args =>
            new GpioSetArguments(args.Text("name", 64), args.Boolean("value"), args.Pulse("pulse", GpioSetArguments.MaxPulse)).Encode()),
        new(CommandTypes.PwmSet, Idempotent: false, BoundToBoot: true, args =>
            new PwmSetArguments(args.Text("name", 64), (int)Math.Round(args.Share("duty") * 1000)).Encode()),
        new(CommandTypes.App, Idempotent: false, BoundToBoot: true, args =>
            new AppArguments(args.Text("name", 128), args.Texts("arguments", 64, 4096), args.Base64("payload", AppArguments.MaxPayloadBytes)).Encode()),
        new(CommandTypes.RotateKeys, Idempotent: false, BoundToBoot: true, _ => EmptyArguments.Encode()),
    ];

    public static IEnumerable<string> Types => Kinds.Select(kind => kind.Type);

    public static CommandKind? Find(string type) => Array.Find(Kinds, kind => kind.Type == type);
}
