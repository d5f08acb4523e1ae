namespace Messaging.Agent.Configuration;

/// <summary>Sessions that operators open: <c>shell</c>, <c>push</c> and <c>pull</c> of <see cref="CommandOptions.Allow"/>.</summary>
internal sealed class SessionOptions
{
    /// <summary>Sessions at a time.</summary>
    public int Max { get; set; } = 4;

    /// <summary>A session in which nothing comes or goes for this long is closed.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest session.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long a client that lost its connection may take to come back.</summary>
    public TimeSpan Resume { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Socket of the helper that opens shells outside of the agent's sandbox, where it is there; empty: none.</summary>
    public string Helper { get; set; } = "/run/messaging-agent-shell.sock";

    /// <summary>What <c>shell</c> starts in the agent's sandbox; empty: the login shell of the user, or the system's where that is none.</summary>
    public string Shell { get; set; } = "";

    /// <summary>The largest recording of a shell: one that would become larger ends the shell.</summary>
    public long RecordBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Recordings together that the server does not have yet: where one more would not fit, no shell is opened that has to be recorded.</summary>
    public long RecordQuota { get; set; } = 256 * 1024 * 1024;

    /// <summary>The largest file that <c>push</c> brings.</summary>
    public long MaxFileBytes { get; set; } = 4L * 1024 * 1024 * 1024;

    /// <summary>What <c>push</c> and recordings always leave free of the file system.</summary>
    public long KeepFree { get; set; } = 64 * 1024 * 1024;

    /// <summary>How long what came of a push is kept whose session was lost: the same push goes on there.</summary>
    public TimeSpan KeepPartial { get; set; } = TimeSpan.FromHours(1);
}
