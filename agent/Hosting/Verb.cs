using System.CommandLine;

namespace Messaging.Agent.Hosting;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">One sentence or two.</param>
/// <param name="examples">What is typed, and what it is for.</param>
internal sealed class Verb(string name, string description, params IReadOnlyList<(string Line, string Why)> examples) : Command(name, description)
{
    public IReadOnlyList<(string Line, string Why)> Examples { get; } = examples;
}
