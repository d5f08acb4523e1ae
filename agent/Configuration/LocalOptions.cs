namespace Messaging.Agent.Configuration;

/// <summary>The device's own programs: the socket, and the folder into which they move files.</summary>
internal sealed class LocalOptions
{
    /// <summary><c>yes</c>: there is a socket.</summary>
    public string Enabled { get; set; } = "no";

    public string Socket { get; set; } = "/run/messaging-agent/local.sock";

    /// <summary>The group of the socket, by name or number; empty: the agent's own.</summary>
    public string Group { get; set; } = "";

    /// <summary>Who may use the socket.</summary>
    public string Mode { get; set; } = "0660";

    public int MaxConnections { get; set; } = 32;

    /// <summary>Longer lines are refused.</summary>
    public int LineBytes { get; set; } = 16 * 1024;

    /// <summary>A connection that sends more is read more slowly.</summary>
    public int LinesPerSecond { get; set; } = 200;

    /// <summary>How long lines are gathered before they are written and confirmed together.</summary>
    public TimeSpan Flush { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Programs that the command <c>app</c> may reach, by the names under which they listen.</summary>
    public string Apps { get; set; } = "";

    public TimeSpan AppTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A folder whose files are sent and deleted; empty: none.</summary>
    public string Drop { get; set; } = "";

    public IReadOnlyList<string> AppList() => ValueList.Split(Apps);
}
