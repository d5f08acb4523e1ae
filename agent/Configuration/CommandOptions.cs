namespace Messaging.Agent.Configuration;

internal sealed class CommandOptions
{
    /// <summary>Command types that this device obeys, from anybody.</summary>
    public string Allow { get; set; } = "ping,collect,set-intervals,rotate-keys";

    /// <summary>Units that <c>restart-unit</c> may restart; <c>*</c> is a wildcard.</summary>
    public string Units { get; set; } = "";

    /// <summary>Every executable in this folder may be run by its name, besides those of the section Scripts.</summary>
    public string ScriptsDirectory { get; set; } = "/etc/messaging-agent/scripts";

    public TimeSpan ScriptTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Output kept of a script; the rest is cut and marked.</summary>
    public long OutputBytes { get; set; } = 64 * 1024;

    public TimeSpan UnitTimeout { get; set; } = TimeSpan.FromSeconds(90);

    public IReadOnlyList<string> AllowList() => ValueList.Split(Allow);

    public IReadOnlyList<string> UnitList() => ValueList.Split(Units);
}
