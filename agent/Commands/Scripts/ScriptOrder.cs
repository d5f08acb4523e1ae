namespace Messaging.Agent.Commands.Scripts;

/// <summary>A program that is to be run.</summary>
internal sealed class ScriptOrder
{
    /// <summary>The program.</summary>
    public required string Path { get; init; }

    /// <summary>Passed as they are.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>How much it may take.</summary>
    public required ScriptLimits Limits { get; init; }

    /// <summary>The last bytes of its output that are kept for the report.</summary>
    public required int TailBytes { get; init; }

    /// <summary>Between SIGTERM and SIGKILL.</summary>
    public required TimeSpan Grace { get; init; }

    /// <summary>Names its cgroup: unique among those that run.</summary>
    public required string Name { get; init; }
}
