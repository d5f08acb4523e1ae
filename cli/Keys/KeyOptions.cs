using System.CommandLine;

namespace Messaging.Cli.Keys;

/// <summary>Where the passphrases of a verb's keys come from.</summary>
/// <param name="terminal">Whom to ask without a file.</param>
internal sealed class KeyOptions(ITerminal terminal)
{
    private readonly Option<string[]> _files = new("--passphrase-file")
    {
        Description = "A file of mode 0600 with the passphrase, or the PIN of a token, in its first line; without one the terminal asks. Once for all keys, or once for each in the order in which this help names them.",
        HelpName = "FILE",
        DefaultValueFactory = _ => [],
    };

    public void AddTo(Command verb) => verb.Options.Add(_files);

    public PassphraseSource Passphrases(ParseResult parsed) => new(terminal, parsed.GetValue(_files) ?? []);

    public KeyRing Open(ParseResult parsed, IReadOnlyList<string> keyFiles) => KeyRing.Open(keyFiles, Passphrases(parsed));
}
