using System.CommandLine;

namespace Messaging.Cli.Hosting;

/// <summary>A command whose help ends with examples.</summary>
/// <param name="name">What is typed.</param>
/// <param name="description">One sentence or two.</param>
/// <param name="examples">What is typed, and what it is for.</param>
internal sealed class Verb(string name, string description, params IReadOnlyList<(string Line, string Why)> examples) : Command(name, description)
{
    public IReadOnlyList<(string Line, string Why)> Examples { get; } = examples;

    /// <summary>What it does; failures become one line on standard error and an exit code.</summary>
    public Verb Runs(Func<ParseResult, CancellationToken, Task<int>> action)
    {
        // On a thread of its own: the library heeds a signal only when what it has started gives back the thread.
        SetAction((parsed, ct) => Task.Run(() => Failure.GuardAsync(parsed.InvocationConfiguration.Error, () => action(parsed, ct)), CancellationToken.None));
        return this;
    }

    /// <inheritdoc cref="Runs(Func{ParseResult, CancellationToken, Task{int}})"/>
    public Verb Runs(Func<ParseResult, int> action) => Runs((parsed, _) => Task.FromResult(action(parsed)));
}
