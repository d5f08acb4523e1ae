using Messaging.Cli.Keys;

namespace Messaging.Cli.Tests.Support;

/// <summary>Nobody.</summary>
internal sealed class NoTerminal : ITerminal
{
    public bool CanAsk => false;

    public char[] ReadSecret(string prompt) => throw new InvalidOperationException("Nobody sits here.");

    public bool Confirm(string question) => throw new InvalidOperationException("Nobody sits here.");
}
