using Messaging.Cli.Keys;

namespace Messaging.Cli.Tests.Support;

/// <summary>Somebody who types what the test says.</summary>
internal sealed class FakeTerminal(params string[] answers) : ITerminal
{
    private readonly Queue<string> _answers = new(answers);

    public bool CanAsk => true;

    public int Left => _answers.Count;

    public char[] ReadSecret(string prompt) => _answers.Dequeue().ToCharArray();

    public bool Confirm(string question) => _answers.Dequeue() == "yes";
}
