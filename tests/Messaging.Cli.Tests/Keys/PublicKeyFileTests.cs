using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Tests.Support;
using Messaging.Crypto;

namespace Messaging.Cli.Tests.Keys;

public sealed class PublicKeyFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdentityKey _key = IdentityKey.Generate();

    public void Dispose()
    {
        _folder.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void Create_ThenRead_IsTheSameKeyOnOneLine()
    {
        PublicKeyFile.Create(_folder.File("owner.pem"), _key.Public);

        var path = _folder.File("owner.pem.pub");
        Assert.Equal(_key.Public, PublicKeyFile.Read(path));
        Assert.Equal(PublicKeyFile.Text(_key.Public) + "\n", File.ReadAllText(path));
    }

    [Fact]
    public void Read_ThePrivateFile_SaysWhichOneIsMeant()
    {
        var path = CheapKey.Write(_folder, "owner.pem", _key);

        Assert.Contains("owner.pem.pub", Assert.Throws<CliException>(() => PublicKeyFile.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_DamagedOrHostile_IsRefused()
    {
        var text = PublicKeyFile.Text(_key.Public);

        foreach (var content in new[]
        {
            "", "\n", text[..^1], text + "A", text + "=", "A" + text[1..], text.Insert(10, "\n"), text.Insert(10, "+"), $"{text}\n{text}\n", "\0" + text,
        })
        {
            Assert.Throws<CliException>(() => PublicKeyFile.Read(_folder.Write("x.pub", content)));
        }

        Assert.Throws<IOException>(() => PublicKeyFile.Read(_folder.Write("x.pub", new string('A', 20_000))));
    }
}
