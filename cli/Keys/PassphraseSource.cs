using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;

namespace Messaging.Cli.Keys;

/// <summary>Where passphrases come from: files, else the terminal. Never from arguments or the environment, which others can see.</summary>
/// <param name="terminal">Whom to ask.</param>
/// <param name="files">One for all keys, or one for each in their order; none: the terminal is asked.</param>
internal sealed class PassphraseSource(ITerminal terminal, IReadOnlyList<string> files)
{
    public const int MinLength = 12;

    /// <summary>True when a mistake may be corrected.</summary>
    public bool IsTyped => files.Count == 0;

    /// <summary>For a new key.</summary>
    /// <exception cref="CliException">There is none, or it is too short.</exception>
    public Passphrase Choose(string keyFile)
    {
        if (files.Count > 1)
        {
            throw new CliException("One key has one passphrase: give --passphrase-file once.", ExitCodes.Usage);
        }

        var passphrase = IsTyped ? AskTwice(keyFile) : new Passphrase(SecretFile.ReadFirstLine(files[0]));
        if (passphrase.Length >= MinLength)
        {
            return passphrase;
        }

        passphrase.Dispose();
        throw new CliException($"The passphrase has fewer than {MinLength} characters: whoever gets the file could guess it. Take four or more random words.");
    }

    /// <summary>For one of the keys that are there.</summary>
    /// <param name="keyFile">The key.</param>
    /// <param name="index">Which of the keys it is, from 0 on.</param>
    /// <param name="count">How many keys are opened.</param>
    /// <param name="kind">What it is called.</param>
    /// <exception cref="CliException">There is none.</exception>
    public Passphrase Get(string keyFile, int index, int count, string kind = "Passphrase")
    {
        if (IsTyped)
        {
            return Ask($"{kind} of {keyFile}: ");
        }

        return files.Count == 1 || files.Count == count
            ? new Passphrase(SecretFile.ReadFirstLine(files.Count == 1 ? files[0] : files[index]))
            : throw new CliException(
                $"--passphrase-file is there {files.Count} times for {count} keys: give it once for all keys, or once for each in their order.", ExitCodes.Usage);
    }

    private Passphrase AskTwice(string keyFile)
    {
        var first = Ask($"New passphrase of {keyFile}, {MinLength} characters or more: ");
        using var second = Ask("Again: ");
        if (first.Text.SequenceEqual(second.Text))
        {
            return first;
        }

        first.Dispose();
        throw new CliException("The two passphrases differ; nothing was written.");
    }

    private Passphrase Ask(string prompt) => terminal.CanAsk
        ? new Passphrase(terminal.ReadSecret(prompt))
        : throw new CliException("There is no terminal to ask for the passphrase on: give --passphrase-file FILE (mode 0600, its first line).", ExitCodes.Usage);
}
