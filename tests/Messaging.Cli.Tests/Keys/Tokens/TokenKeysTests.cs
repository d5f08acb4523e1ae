using System.Security.Cryptography;
using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Keys.Tokens;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;

namespace Messaging.Cli.Tests.Keys.Tokens;

/// <summary>With SoftHSM's real library.</summary>
public sealed class TokenKeysTests : IDisposable
{
    private static readonly byte[] Data = Encoding.UTF8.GetBytes("what is signed");
    private readonly SoftToken _tokens = new SoftToken().With("Fleet");
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _tokens.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Create_ThenOpen_SignsInTheToken()
    {
        var made = TokenKeys.Create(Uri("token=Fleet;object=alice"), Pin);

        using var key = TokenKeys.Open(Uri("token=Fleet;object=alice"), Pin);

        Assert.Equal(made, key.Public);
        Assert.True(made.Verify(Data, key.Sign(Data)));
        Assert.Throws<CryptographicException>(() => key.ExportPkcs8());
    }

    [Fact]
    public void Create_NameIsTaken_OverwritesNothing()
    {
        var made = TokenKeys.Create(Uri("token=Fleet;object=alice"), Pin);

        Refused("never overwritten", () => TokenKeys.Create(Uri("token=Fleet;object=alice"), Pin));
        Assert.Equal(made, TokenKeys.Show(Uri("token=Fleet;object=alice"), NoPin));
    }

    [Fact]
    public void Create_WithoutAName_IsRefused() => Refused("needs a name", () => TokenKeys.Create(Uri("token=Fleet"), Pin));

    [Fact]
    public void Show_PublicHalfIsOpenToAll_AsksForNoPin()
    {
        var made = TokenKeys.Create(Uri("token=Fleet;object=alice"), Pin);

        Assert.Equal(made, TokenKeys.Show(Uri("token=Fleet"), NoPin));
    }

    [Fact]
    public void Open_WrongPin_IsRefusedAndNotTriedAgain()
    {
        var asked = 0;

        Refused("The PIN is not that of the token Fleet", () => TokenKeys.Open(Uri("token=Fleet"), _ =>
        {
            asked++;
            return new Passphrase("999999".ToCharArray());
        }));
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Open_NoSuchTokenOrKey_SaysWhatToDo()
    {
        Refused("fleetctl key tokens", () => TokenKeys.Open(Uri("token=Nobody"), Pin));
        Refused("fleetctl key create", () => TokenKeys.Open(Uri("token=Fleet;object=nobody"), Pin));
        Refused("cannot be loaded", () => TokenKeys.Open(TokenUri.Parse("pkcs11:?module-path=/usr/lib/nothing.so"), Pin));
    }

    [Fact]
    public void Open_SeveralTokensOrKeys_NamesThem()
    {
        var first = TokenKeys.Create(Uri("token=Fleet;object=one"), Pin);
        TokenKeys.Create(Uri("token=Fleet;object=two"), Pin);
        Refused("may be one of 2 keys", () => TokenKeys.Open(Uri("token=Fleet"), Pin));

        var named = TokenKeys.List(Uri("token=Fleet"))[0].Keys.Single(key => key.Fingerprint == first.ToString()).File;
        using (var key = TokenKeys.Open(TokenUri.Parse(named), Pin))
        {
            Assert.Equal(first, key.Public);
        }

        _tokens.With("Fleet");
        Refused("may be one of 2 tokens", () => TokenKeys.Open(Uri("token=Fleet;object=one"), Pin));
    }

    [Fact]
    public void Open_KeyOfAnotherCurve_IsRefused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        _tokens.Import("Fleet", "big", "ab", other.ExportPkcs8PrivateKeyPem());

        Refused("not on the curve P-256", () => TokenKeys.Open(Uri("token=Fleet;object=big"), Pin));
        Assert.Empty(TokenKeys.List(Uri("token=Fleet"))[0].Keys);
    }

    /// <summary>A key of before that was put into a token stays the same principal.</summary>
    [Fact]
    public void Open_ImportedKey_IsTheSameKey()
    {
        using var before = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var expected = IdentityKey.Of(ECDsa.Create(before.ExportParameters(includePrivateParameters: true)));
        _tokens.Import("Fleet", "old", "0102", before.ExportPkcs8PrivateKeyPem());

        using var key = TokenKeys.Open(Uri("id=%01%02"), Pin);

        Assert.Equal(expected.Public, key.Public);
    }

    [Fact]
    public void Ring_OfFilesAndTokens_OpensThemInTheirOrder()
    {
        using var inFile = IdentityKey.Generate();
        _tokens.With("Other");
        var (alice, bob) = (TokenKeys.Create(Uri("token=Fleet;object=alice"), Pin), TokenKeys.Create(Uri("token=Fleet;object=bob"), Pin));
        var other = TokenKeys.Create(Uri("token=Other;object=carol"), Pin);
        var terminal = new FakeTerminal(SoftToken.Pin, CheapKey.Phrase, SoftToken.Pin, SoftToken.Pin);

        using var ring = KeyRing.Open(
            [Text("token=Fleet;object=alice"), CheapKey.Write(_folder, "1.pem", inFile), Text("token=Fleet;object=bob"), Text("token=Other")], new PassphraseSource(terminal, []));

        Assert.Equal([alice, inFile.Public, bob, other], ring.Keys.Select(static key => key.Public));
        Assert.All(ring.Keys, static key => Assert.True(key.Public.Verify(Data, key.Sign(Data))));
    }

    private static string Text(string path) => SoftToken.Uri(path);

    private static TokenUri Uri(string path) => TokenUri.Parse(Text(path));

    private static Passphrase Pin(string token) => new(SoftToken.Pin.ToCharArray());

    private static Passphrase NoPin(string token) => throw new InvalidOperationException("There is no need to ask.");

    private static void Refused(string why, Action action) => Assert.Contains(why, Assert.Throws<CliException>(action).Message, StringComparison.Ordinal);
}
