namespace Messaging.Cli.Keys;

/// <summary>Whom passphrases and decisions are asked of.</summary>
internal interface ITerminal
{
    /// <summary>False when nobody sits there.</summary>
    bool CanAsk { get; }

    /// <summary>Asks for a line that is not shown. The caller erases it after use.</summary>
    char[] ReadSecret(string prompt);

    /// <summary>Asks a question, which nothing but <c>yes</c> answers with yes.</summary>
    bool Confirm(string question);
}
