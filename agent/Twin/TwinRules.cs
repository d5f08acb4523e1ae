using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;
using Messaging.Commands;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>What the device's owner allows of a desired state: of files what file-write may do, of units what restart-unit may. Pure.</summary>
internal static class TwinRules
{
    /// <returns>Null, or the first thing that this device does not let be wanted.</returns>
    public static string? Check(DesiredState state, AgentOptions options)
    {
        foreach (var setting in state.Settings)
        {
            if (RemoteSettings.Check(setting.Key, setting.Value, options, out _) is { } problem)
            {
                return Sentence(problem);
            }
        }

        foreach (var file in state.Files)
        {
            if (File(file.Path, options) is { } problem)
            {
                return Sentence(problem);
            }
        }

        foreach (var unit in state.Units)
        {
            if (Unit(unit, options) is { } problem)
            {
                return Sentence(problem);
            }
        }

        return state.App.Count > 0 && App(options) is { } closed ? Sentence(closed) : null;
    }

    public static string? File(string path, AgentOptions options) =>
        !Allows(options, CommandTypes.FileWrite) ? "the owner of this device does not allow file-write (Commands:Allow), and so no files"
        : BeneathRoots.Find(options.Commands.WritePathList(), path) is null ? $"the owner of this device does not allow writing {path} (Commands:WritePaths)"
        : null;

    public static string? Unit(string unit, AgentOptions options) =>
        !Allows(options, CommandTypes.RestartUnit) ? "the owner of this device does not allow restart-unit (Commands:Allow), and so no units"
        : !UnitName.IsMatch(options.Commands.UnitList(), unit) ? $"the owner of this device does not allow restarting {unit} (Commands:Units)"
        : null;

    public static string? App(AgentOptions options) =>
        options.Local.Enabled == "yes" ? null : "no program of this device can ask for values: the owner did not enable the local socket (Local:Enabled)";

    private static bool Allows(AgentOptions options, string type) => options.Commands.AllowList().Contains(type, StringComparer.Ordinal);

    private static string Sentence(string problem) => $"{char.ToUpperInvariant(problem[0])}{problem[1..]}.";
}
