namespace Messaging.Commands;

/// <summary>The commands that this version knows. Types are open: a device rejects what it does not know.</summary>
public static class CommandTypes
{
    /// <summary>Answers at once. Arguments: [].</summary>
    public const string Ping = "ping";

    /// <summary>Collects now. Arguments: <see cref="CollectArguments"/>.</summary>
    public const string Collect = "collect";

    /// <summary>Changes sampling intervals. Arguments: <see cref="SetIntervalsArguments"/>.</summary>
    public const string SetIntervals = "set-intervals";

    /// <summary>Restarts a systemd unit. Arguments: <see cref="RestartUnitArguments"/>.</summary>
    public const string RestartUnit = "restart-unit";

    /// <summary>Reboots. Arguments: [].</summary>
    public const string Reboot = "reboot";

    /// <summary>Runs one of the scripts that the device's owner allowed. Arguments: <see cref="RunScriptArguments"/>.</summary>
    public const string RunScript = "run-script";

    /// <summary>Makes new keys. Arguments: [].</summary>
    public const string RotateKeys = "rotate-keys";

    /// <summary>Sets a GPIO output. Arguments: <see cref="GpioSetArguments"/>.</summary>
    public const string GpioSet = "gpio-set";

    /// <summary>Sets a PWM output. Arguments: <see cref="PwmSetArguments"/>.</summary>
    public const string PwmSet = "pwm-set";

    /// <summary>For one of the device's own programs. Arguments: <see cref="AppArguments"/>.</summary>
    public const string App = "app";

    /// <summary>Opens a terminal. Arguments: <see cref="Sessions.ShellArguments"/>.</summary>
    public const string Shell = "shell";

    /// <summary>Has another command not started, or stopped. Arguments: <see cref="CancelArguments"/>.</summary>
    public const string Cancel = "cancel";

    /// <summary>Runs a script that comes with the command. Arguments: <see cref="RunInlineArguments"/>.</summary>
    public const string RunInline = "run-inline";

    /// <summary>Reads a part of a file. Arguments: <see cref="FileReadArguments"/>.</summary>
    public const string FileRead = "file-read";

    /// <summary>Replaces a file. Arguments: <see cref="FileWriteArguments"/>.</summary>
    public const string FileWrite = "file-write";

    /// <summary>Installs, upgrades and removes packages. Arguments: <see cref="PackagesArguments"/>.</summary>
    public const string Packages = "packages";

    /// <summary>Opens a session that brings a file. Arguments: <see cref="Sessions.PushArguments"/>.</summary>
    public const string Push = "push";

    /// <summary>Opens a session that fetches a file. Arguments: <see cref="Sessions.PullArguments"/>.</summary>
    public const string Pull = "pull";

    /// <summary>Says what the device is to be like. Arguments: <see cref="Twin.DesiredState"/>.</summary>
    public const string DesiredSet = "desired-set";

    /// <summary>Installs what an update repository has. Arguments: <see cref="Updates.Releases.UpdateArguments"/>.</summary>
    public const string Update = "update";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        Ping, Collect, SetIntervals, DesiredSet, RestartUnit, Reboot, RunScript, RunInline, Cancel, FileRead, FileWrite, Packages, Update, GpioSet, PwmSet, App, Shell, Push, Pull, RotateKeys,
    ];
}
