using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Configuration;
using Messaging.Agent.Helper;
using Messaging.Agent.Logs.Files;
using Messaging.Commands;

namespace Messaging.Agent.Hosting;

/// <summary>What is valid and may still not do what its author meant, on this machine, now.</summary>
internal static class ConfigurationHints
{
    public static IEnumerable<string> For(AgentOptions options)
    {
        var allowed = options.Commands.AllowList();
        var catalog = new ScriptCatalog(options);
        foreach (var name in catalog.Candidates)
        {
            if (catalog.Check(name) is { } problem)
            {
                yield return $"{OptionCatalog.ScriptsSection}: {name} cannot be run: {problem}";
            }
        }

        if (allowed.Contains(CommandTypes.RunScript, StringComparer.Ordinal) && catalog.Names.Count == 0)
        {
            yield return "Commands:Allow: run-script is allowed, and there is no script in Commands:ScriptsDirectory or [Scripts]";
        }

        foreach (var (type, count, option) in new[]
        {
            (CommandTypes.RunInline, options.Commands.InterpreterList().Count, "Interpreters"),
            (CommandTypes.FileRead, options.Commands.ReadPathList().Count, "ReadPaths"),
            (CommandTypes.Packages, options.Commands.PackageList().Count, "Packages"),
            (CommandTypes.FileWrite, options.Commands.WritePathList().Count, "WritePaths"),
            (CommandTypes.Pull, options.Commands.ReadPathList().Count, "ReadPaths"),
            (CommandTypes.Push, options.Commands.WritePathList().Count, "WritePaths"),
        })
        {
            if (allowed.Contains(type, StringComparer.Ordinal) && count == 0)
            {
                yield return $"Commands:Allow: {type} is allowed, and Commands:{option} names none";
            }
        }

        if (allowed.Contains(CommandTypes.RestartUnit, StringComparer.Ordinal) && options.Commands.UnitList().Count == 0)
        {
            yield return "Commands:Allow: restart-unit is allowed, and Commands:Units names none";
        }

        if (new HelperClient(options.Systemd.Helper, TimeProvider.System).IsThere)
        {
            foreach (var hint in HelperHints.For(options, HelperPolicyFile.DefaultPath, root: 0))
            {
                yield return hint;
            }
        }

        var outputs = options.Gpio.Values.Count(gpio => gpio.Direction == "output");
        foreach (var (type, count, section) in new[] { (CommandTypes.GpioSet, outputs, "Gpio"), (CommandTypes.PwmSet, options.Pwm.Count, "Pwm") })
        {
            if (allowed.Contains(type, StringComparer.Ordinal) && count == 0)
            {
                yield return $"Commands:Allow: {type} is allowed, and no section [{section}:...] declares an output";
            }
            else if (!allowed.Contains(type, StringComparer.Ordinal) && count > 0)
            {
                yield return $"{section}: an output is declared, and Commands:Allow has no {type}";
            }
        }

        if (allowed.Contains(CommandTypes.App, StringComparer.Ordinal) && (options.Local.Enabled != "yes" || options.Local.AppList().Count == 0))
        {
            yield return "Commands:Allow: app is allowed, and Local:Enabled is not yes or Local:Apps names no program";
        }

        foreach (var pattern in options.Logs.FileList().Where(pattern => !HasMatch(pattern)))
        {
            yield return $"Logs:Files: nothing matches {pattern} now; it is followed as soon as it is there";
        }

        foreach (var name in options.Intervals.Keys.Where(name => options.Collect.DisableList().Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"Intervals:{name}: the collector is turned off by Collect:Disable";
        }
    }

    private static bool HasMatch(string pattern)
    {
        var paths = new List<string>();
        new FileGlob(pattern).Find(paths);
        return paths.Any(File.Exists);
    }
}
