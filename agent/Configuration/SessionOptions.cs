namespace Messaging.Agent.Configuration;

/// <summary>Sessions that operators open: <c>shell</c>, <c>push</c> and <c>pull</c> of <see cref="CommandOptions.Allow"/>.</summary>
internal sealed class SessionOptions
{
    /// <summary>Sessions at a time.</summary>
    public int Max { get; set; } = 4;

    /// <summary>A session in which nothing is typed or shown for this long is closed.</summary>
    public TimeSpan Idle { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest session.</summary>
    public TimeSpan Longest { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long a client that lost its connection may take to come back.</summary>
    public TimeSpan Resume { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What <c>shell</c> starts; empty: the login shell of the user, or the system's where that is none.</summary>
    public string Shell { get; set; } = "";

    /// <summary>Folders that <c>push</c> may write files into, and below; empty: none.</summary>
    public string Push { get; set; } = "";

    /// <summary>Folders that <c>pull</c> may read files from, and below; empty: none.</summary>
    public string Pull { get; set; } = "";

    /// <summary>The largest file that <c>push</c> takes.</summary>
    public long MaxBytes { get; set; } = 1024L * 1024 * 1024;

    public IReadOnlyList<string> PushList() => ValueList.Split(Push);

    public IReadOnlyList<string> PullList() => ValueList.Split(Pull);
}
