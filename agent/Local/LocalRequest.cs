using Messaging.Agent.Collect;

namespace Messaging.Agent.Local;

/// <summary>What a line asks for.</summary>
internal abstract record LocalRequest
{
    public sealed record Metric(MetricDefinition Definition, double Value, IReadOnlyList<KeyValuePair<string, string>> Attributes) : LocalRequest;

    public sealed record Event(string Name, int Severity, IReadOnlyList<KeyValuePair<string, string>> Attributes) : LocalRequest;

    public sealed record Log(int Severity, string Source, string Body, IReadOnlyList<KeyValuePair<string, string>> Attributes) : LocalRequest;

    /// <param name="Source">The file's name in the folder.</param>
    /// <param name="Name">What it is called at the server.</param>
    public sealed record File(string Source, string Name, string MediaType, IReadOnlyList<KeyValuePair<string, string>> Attributes) : LocalRequest;

    public sealed record Listen(string Name) : LocalRequest;

    /// <param name="Id">Of the command.</param>
    /// <param name="Text">A line of output.</param>
    public sealed record Output(string Id, string Text) : LocalRequest;

    public sealed record Ended(string Id, bool IsDone, string Message) : LocalRequest;

    /// <summary>What is wanted of a value.</summary>
    public sealed record Get(string Name) : LocalRequest;

    /// <summary>Tell each value now, and each change.</summary>
    public sealed record Watch : LocalRequest;

    /// <param name="Name">Of a value.</param>
    /// <param name="Text">The value that the program uses; null: it only says what is wrong.</param>
    /// <param name="Error">Why it cannot use the one that is wanted.</param>
    public sealed record Report(string Name, string? Text, string? Error) : LocalRequest;

    public sealed record Ping : LocalRequest;
}
