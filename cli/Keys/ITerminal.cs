namespace Messaging.Cli.Keys;

/// <summary>Whom passphrases are asked of.</summary>
internal interface ITerminal
{
    /// <summary>False when nobody sits there.</summary>
    bool CanAsk { get; }

    /// <summary>Asks for a line that is not shown. The caller erases it after use.</summary>
    char[] ReadSecret(string prompt);
}
