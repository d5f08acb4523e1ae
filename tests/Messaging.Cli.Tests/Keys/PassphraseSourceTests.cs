using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Tests.Support;

namespace Messaging.Cli.Tests.Keys;

public sealed class PassphraseSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Choose_TypedTwice_IsTaken()
    {
        using var chosen = new PassphraseSource(new FakeTerminal(CheapKey.Phrase, CheapKey.Phrase), []).Choose("owner.pem");

        Assert.Equal(CheapKey.Phrase, chosen.Text.ToString());
    }

    [Fact]
    public void Choose_TypedDifferently_IsRefused() => AssertRefused("differ", new PassphraseSource(new FakeTerminal(CheapKey.Phrase, CheapKey.Phrase + "x"), []));

    [Theory]
    [InlineData("elevenchars", false)]
    [InlineData("twelve chars", true)]
    [InlineData("😀😀😀😀😀😀", false)]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀", true)]
    public void Choose_Length_CountsCharacters(string passphrase, bool isTaken)
    {
        var source = new PassphraseSource(new FakeTerminal(passphrase, passphrase), []);

        if (isTaken)
        {
            source.Choose("owner.pem").Dispose();
        }
        else
        {
            AssertRefused("fewer than 12", source);
        }
    }

    [Fact]
    public void Choose_WithoutATerminal_SaysWhatToGive() => AssertRefused("--passphrase-file", new PassphraseSource(new NoTerminal(), []));

    [Fact]
    public void Choose_FromAFile_TakesTheFirstLine()
    {
        using var chosen = new PassphraseSource(new NoTerminal(), [_folder.Write("phrase", CheapKey.Phrase + "\r\nsecond line\n")]).Choose("owner.pem");

        Assert.Equal(CheapKey.Phrase, chosen.Text.ToString());
    }

    [Fact]
    public void Choose_FromAFileOfOthers_IsRefused()
    {
        foreach (var mode in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.OtherWrite })
        {
            AssertRefused("chmod 600", new PassphraseSource(new NoTerminal(), [_folder.Write("phrase", CheapKey.Phrase, TemporaryFolder.OwnerFile | mode)]));
        }
    }

    [Fact]
    public void Choose_FromAnEmptyFile_IsRefused() => AssertRefused("is empty", new PassphraseSource(new NoTerminal(), [_folder.Write("phrase", "\n" + CheapKey.Phrase)]));

    [Fact]
    public void Choose_FromBytesThatAreNoText_IsRefused()
    {
        var path = _folder.Write("phrase", "");
        File.WriteAllBytes(path, [0xff, 0xfe, 0xff, 0xfe, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87]);

        AssertRefused("no text", new PassphraseSource(new NoTerminal(), [path]));
    }

    [Fact]
    public void Get_Files_AreOneForAllOrOneForEach()
    {
        var (first, second) = (_folder.Write("1", "the first passphrase"), _folder.Write("2", "the second passphrase"));

        Assert.Equal("the first passphrase", Text([first], 1, 2));
        Assert.Equal("the second passphrase", Text([first, second], 1, 2));
        Assert.Equal(ExitCodes.Usage, Assert.Throws<CliException>(() => Text([first, second], 1, 3)).Code);
    }

    private static string Text(string[] files, int index, int count)
    {
        using var passphrase = new PassphraseSource(new NoTerminal(), files).Get("key.pem", index, count);
        return passphrase.Text.ToString();
    }

    private static void AssertRefused(string reason, PassphraseSource source) =>
        Assert.Contains(reason, Assert.Throws<CliException>(() => source.Choose("owner.pem")).Message, StringComparison.Ordinal);
}
