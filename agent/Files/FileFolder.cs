using Messaging.Agent.Configuration;

namespace Messaging.Agent.Files;

/// <summary>Where things are: <c>files/</c> in the drop folder is for programs; what is below it is the agent's.</summary>
internal sealed class FileFolder(string drop)
{
    public FileFolder(AgentOptions options)
        : this(options.Local.Drop)
    {
    }

    public string Drop { get; } = drop;

    public string Files { get; } = Path.Combine(drop, "files");

    /// <summary>What was taken: a file by its transfer's id, and beside it what was said of it. The name begins with a dot: programs do not look there.</summary>
    public string Queue => Path.Combine(Files, ".queue");

    /// <summary>What is not sent, with the reason beside it.</summary>
    public string Rejected => Path.Combine(Files, "rejected");
}
