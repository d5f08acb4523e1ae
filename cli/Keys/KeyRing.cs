using Messaging.Cli.Hosting;
using Messaging.Cli.Keys.Tokens;
using Messaging.Crypto;

namespace Messaging.Cli.Keys;

/// <summary>Opened keys, in the order in which they were named. Dispose erases them, or ends the sessions with their tokens.</summary>
internal sealed class KeyRing : IDisposable
{
    private const int Tries = 3;
    private readonly List<IdentityKey> _keys = [];

    private KeyRing()
    {
    }

    public IReadOnlyList<IdentityKey> Keys => _keys;

    /// <param name="files">Files, or PKCS #11 URIs of keys in tokens.</param>
    /// <param name="passphrases">Their passphrases, and the PINs of tokens.</param>
    /// <exception cref="CliException">One of them is no key, or its passphrase is another one.</exception>
    public static KeyRing Open(IReadOnlyList<string> files, PassphraseSource passphrases)
    {
        // All of them are read before a passphrase is asked for.
        var sources = files.Select(static file => TokenUri.IsOne(file) ? (Token: TokenUri.Parse(file), File: null) : (Token: (TokenUri?)null, File: KeyFile.Load(file))).ToList();
        var ring = new KeyRing();
        try
        {
            for (var i = 0; i < sources.Count; i++)
            {
                var index = i;
                ring._keys.Add(sources[i].Token is { } token
                    ? TokenKeys.Open(token, name => passphrases.Get(name, index, sources.Count, "PIN"))
                    : Open(sources[i].File!, i, sources.Count, passphrases));
            }

            return ring;
        }
        catch
        {
            ring.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var key in _keys)
        {
            key.Dispose();
        }
    }

    /// <summary>One key by which recordings are opened.</summary>
    /// <exception cref="CliException">It is none, or its passphrase is another one.</exception>
    public static HpkeKeyPair OpenRecorder(string file, PassphraseSource passphrases)
    {
        var encrypted = KeyFile.Load(file);
        for (var tries = passphrases.IsTyped ? Tries : 1; tries > 0; tries--)
        {
            using var passphrase = passphrases.Get(file, 0, 1);
            if (encrypted.TryOpenRecorder(passphrase.Text, out var key))
            {
                return key;
            }
        }

        throw Closed(file);
    }

    private static IdentityKey Open(EncryptedKey encrypted, int index, int count, PassphraseSource passphrases)
    {
        for (var tries = passphrases.IsTyped ? Tries : 1; tries > 0; tries--)
        {
            using var passphrase = passphrases.Get(encrypted.File, index, count);
            if (encrypted.TryOpen(passphrase.Text, out var key))
            {
                return key;
            }
        }

        throw Closed(encrypted.File);
    }

    private static CliException Closed(string file) => new($"The passphrase does not open {file}: it is another one, or the file is damaged or holds no P-256 key.");
}
