using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;

namespace Messaging.Cli.Tests.Keys;

public sealed class KeyRingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdentityKey _first = IdentityKey.Generate();
    private readonly IdentityKey _second = IdentityKey.Generate();

    public void Dispose()
    {
        _folder.Dispose();
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public void Open_OneFileForEach_OpensThemInTheirOrder()
    {
        var keys = new[] { CheapKey.Write(_folder, "1.pem", _first, "the first passphrase"), CheapKey.Write(_folder, "2.pem", _second, "the second passphrase") };
        var phrases = new[] { _folder.Write("1.txt", "the first passphrase"), _folder.Write("2.txt", "the second passphrase") };

        using var ring = KeyRing.Open(keys, new PassphraseSource(new NoTerminal(), phrases));

        Assert.Equal([_first.Public, _second.Public], ring.Keys.Select(key => key.Public));
    }

    [Fact]
    public void Open_Mistyped_AsksAgain()
    {
        var key = CheapKey.Write(_folder, "1.pem", _first);

        using var ring = KeyRing.Open([key], new PassphraseSource(new FakeTerminal("wrong", "wrong again", CheapKey.Phrase), []));

        Assert.Equal(_first.Public, ring.Keys[0].Public);
    }

    [Fact]
    public void Open_MistypedThreeTimes_GivesUp()
    {
        var key = CheapKey.Write(_folder, "1.pem", _first);
        var terminal = new FakeTerminal("wrong", "wrong", "wrong", CheapKey.Phrase);

        Assert.Contains("does not open", Assert.Throws<CliException>(() => KeyRing.Open([key], new PassphraseSource(terminal, []))).Message, StringComparison.Ordinal);
        Assert.Equal(1, terminal.Left);
    }

    [Fact]
    public void Open_OneOfThemMissing_AsksForNoPassphrase()
    {
        var terminal = new FakeTerminal(CheapKey.Phrase);

        Assert.Throws<FileNotFoundException>(() =>
            KeyRing.Open([CheapKey.Write(_folder, "1.pem", _first), _folder.File("missing.pem")], new PassphraseSource(terminal, [])));
        Assert.Equal(1, terminal.Left);
    }
}
