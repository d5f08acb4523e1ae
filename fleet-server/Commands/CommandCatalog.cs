using System.Collections.Frozen;
using Messaging.Commands;
using Messaging.FleetServer.Devices;

namespace Messaging.FleetServer.Commands;

/// <summary>The types of commands that the server can send, and how their arguments look.</summary>
internal static class CommandCatalog
{
    public static readonly TimeSpan LongestExpiry = TimeSpan.FromDays(30);
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    private static readonly FrozenDictionary<string, CommandKind> Kinds = new CommandKind[]
    {
        new(CommandTypes.Ping, Idempotent: true, BoundToBoot: false, TimeSpan.FromMinutes(5), (_, _) => EmptyArguments.Encode()),
        new(CommandTypes.Collect, Idempotent: true, BoundToBoot: false, TimeSpan.FromMinutes(5), (args, _) =>
            new CollectArguments(args.Texts("collectors", 64, 64)).Encode()),
        new(CommandTypes.SetIntervals, Idempotent: true, BoundToBoot: false, TimeSpan.FromHours(24), (args, _) =>
            new SetIntervalsArguments(args.Intervals("intervals", 64, LongestInterval)).Encode()),
        new(CommandTypes.RestartUnit, Idempotent: false, BoundToBoot: true, TimeSpan.FromHours(1), (args, device) =>
            new RestartUnitArguments(Listed(args.Text("unit", 255), device, device.Units, "unit")).Encode()),
        new(CommandTypes.Reboot, Idempotent: false, BoundToBoot: true, TimeSpan.FromHours(1), (_, _) => EmptyArguments.Encode()),
        new(CommandTypes.RunScript, Idempotent: false, BoundToBoot: true, TimeSpan.FromHours(1), (args, device) =>
            new RunScriptArguments(
                Listed(args.Text("name", 128), device, device.Scripts, "name"), args.Texts("arguments", 64, 4096)).Encode()),
        new(CommandTypes.GpioSet, Idempotent: false, BoundToBoot: true, TimeSpan.FromMinutes(5), (args, device) =>
            new GpioSetArguments(
                Listed(args.Text("name", 64), device, Fact(device, "gpio.outputs"), "name"),
                args.Boolean("value"),
                args.Milliseconds("pulse", GpioSetArguments.MaxPulse)).Encode()),
        new(CommandTypes.PwmSet, Idempotent: false, BoundToBoot: true, TimeSpan.FromMinutes(5), (args, device) =>
            new PwmSetArguments(
                Listed(args.Text("name", 64), device, Fact(device, "pwm.outputs"), "name"), (int)Math.Round(args.Share("duty") * 1000)).Encode()),
        new(CommandTypes.App, Idempotent: false, BoundToBoot: true, TimeSpan.FromHours(1), (args, device) =>
            new AppArguments(
                Listed(args.Text("name", 128), device, Fact(device, "app.names"), "name"),
                args.Texts("arguments", 64, 4096),
                args.Base64("payload", AppArguments.MaxPayloadBytes)).Encode()),
        new(CommandTypes.RotateKeys, Idempotent: false, BoundToBoot: true, TimeSpan.FromHours(24), (_, _) => EmptyArguments.Encode()),
    }.ToFrozenDictionary(kind => kind.Type, StringComparer.Ordinal);

    public static IEnumerable<string> Types => Kinds.Keys.Order(StringComparer.Ordinal);

    public static CommandKind? Find(string type) => Kinds.GetValueOrDefault(type);

    private static List<string> Fact(Device device, string name) =>
        [.. (device.Facts.GetValueOrDefault(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

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
