using Messaging.Agent.Gpio;
using Messaging.Agent.Sensors;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Configuration;

/// <summary>What options must fulfil together.</summary>
internal static class AgentOptionsRules
{
    private const long MinimumDailyBytes = 1024 * 1024;

    public static IEnumerable<OptionProblem> Check(AgentOptions options)
    {
        if (options.Device.State.Length == 0)
        {
            yield return new OptionProblem("Device:State", "must not be empty");
        }

        foreach (var problem in TransportRules.Check(options.Transport))
        {
            yield return problem;
        }

        if (options.Transport.BackoffMaximum < options.Transport.BackoffMinimum)
        {
            yield return new OptionProblem("Transport:BackoffMaximum",
                $"{OptionText.Write(options.Transport.BackoffMaximum)} is less than Transport:BackoffMinimum, {OptionText.Write(options.Transport.BackoffMinimum)}", "Transport:BackoffMinimum");
        }

        if (options.Uplink.ResendMaximum < options.Uplink.ResendAfter)
        {
            yield return new OptionProblem("Uplink:ResendMaximum",
                $"{OptionText.Write(options.Uplink.ResendMaximum)} is less than Uplink:ResendAfter, {OptionText.Write(options.Uplink.ResendAfter)}", "Uplink:ResendAfter");
        }

        if (options.Trust.AskInterval < options.Trust.AskIntervalSilent)
        {
            yield return new OptionProblem("Trust:AskInterval",
                $"{OptionText.Write(options.Trust.AskInterval)} is less than Trust:AskIntervalSilent, {OptionText.Write(options.Trust.AskIntervalSilent)}", "Trust:AskIntervalSilent");
        }

        // Less than some connections and a day of keep-alive cost would keep everything back for ever.
        if (options.Uplink.DailyBytes is > 0 and < MinimumDailyBytes)
        {
            yield return new OptionProblem("Uplink:DailyBytes",
                $"{OptionText.Write(options.Uplink.DailyBytes)} is less than connections alone may use: it must be at least {OptionText.Write(MinimumDailyBytes)}, or 0 for no limit");
        }

        // One segment is being written and the oldest is dropped whole.
        if (options.Sessions.RecordQuota < options.Sessions.RecordBytes)
        {
            yield return new OptionProblem("Sessions:RecordQuota",
                $"{OptionText.Write(options.Sessions.RecordQuota)} is less than Sessions:RecordBytes, {OptionText.Write(options.Sessions.RecordBytes)}", "Sessions:RecordBytes");
        }

        if (options.Spool.MaxBytes < 2 * options.Spool.SegmentBytes)
        {
            yield return new OptionProblem("Spool:MaxBytes",
                $"{OptionText.Write(options.Spool.MaxBytes)} is less than twice Spool:SegmentBytes, {OptionText.Write(options.Spool.SegmentBytes)}", "Spool:SegmentBytes");
        }

        foreach (var name in options.Intervals.Keys.Where(name => !OptionCatalog.CollectorNames.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            yield return new OptionProblem($"Intervals:{name}", $"there is no such collector; there are {string.Join(", ", OptionCatalog.CollectorNames)}");
        }

        foreach (var file in options.Logs.FileList().Where(file => !Path.IsPathRooted(file)))
        {
            yield return new OptionProblem("Logs:Files", $"'{file}' is not an absolute path");
        }

        foreach (var (key, paths) in new[]
        {
            ("Commands:Interpreters", options.Commands.InterpreterList()), ("Commands:ReadPaths", options.Commands.ReadPathList()),
            ("Commands:WritePaths", options.Commands.WritePathList()),
        })
        {
            foreach (var path in paths.Where(path => !Path.IsPathRooted(path)))
            {
                yield return new OptionProblem(key, $"'{path}' is not an absolute path");
            }
        }

        if (options.Commands.Cgroup is not ("auto" or "off") && !Path.IsPathRooted(options.Commands.Cgroup))
        {
            yield return new OptionProblem("Commands:Cgroup", $"'{options.Commands.Cgroup}' is neither auto, off nor an absolute path");
        }

        if (options.Commands.ScriptMemory is > 0 and < Messaging.Commands.RunLimits.MinMemoryBytes)
        {
            yield return new OptionProblem(
                "Commands:ScriptMemory", $"{OptionText.Write(options.Commands.ScriptMemory)} is too little for any script: it must be at least {OptionText.Write(Messaging.Commands.RunLimits.MinMemoryBytes)}, or 0 for no limit");
        }

        foreach (var tag in options.Updates.HardwareList().Where(tag => !ReleaseText.IsHardware(tag)))
        {
            yield return new OptionProblem("Updates:Hardware", $"'{tag}' is no tag: letters in lower case, digits and .,_+- after a letter or digit, at most 64");
        }

        foreach (var mirror in options.Updates.MirrorList().Where(mirror => !ReleaseText.IsHttp(mirror)))
        {
            yield return new OptionProblem("Updates:Mirrors", $"'{mirror}' is no address with http:// or https://");
        }

        if (options.Updates.Rate is > 0 and < 1024)
        {
            yield return new OptionProblem("Updates:Rate", $"{OptionText.Write(options.Updates.Rate)} a second is too little for any update: it must be at least 1KiB, or 0 for no limit");
        }

        if (options.Updates.ShareRate is > 0 and < ShareSlots.LeastOfUpload)
        {
            yield return new OptionProblem("Updates:ShareRate", $"{OptionText.Write(options.Updates.ShareRate)} a second is slower than neighbours wait for: it must be at least {OptionText.Write(ShareSlots.LeastOfUpload)}, or 0 for no limit");
        }

        foreach (var (name, path) in options.Scripts)
        {
            if (path.Length == 0 || name.Contains(':'))
            {
                yield return new OptionProblem($"Scripts:{name}", "write it as name=/absolute/path");
            }
        }

        foreach (var (name, sensor) in options.Sensor)
        {
            foreach (var problem in SensorRules.Check(name, sensor))
            {
                yield return problem;
            }
        }

        foreach (var problem in GpioRules.Check(options))
        {
            yield return problem;
        }
    }
}
