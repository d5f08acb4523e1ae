using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Tests.Support;

namespace Messaging.Cli.Tests.Configuration;

public sealed class FleetSettingsTests : IDisposable
{
    private static readonly StoredConfiguration Nothing = new();
    private static readonly StoredConfiguration Stored = new("https://stored.example", "/stored/token", new string('a', 64), "/stored/ca.pem");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resolve_WhatIsTyped_StandsAboveTheEnvironmentAndThatAboveTheFile()
    {
        var typed = new StoredConfiguration("https://typed.example", "/typed/token", new string('B', 64), "/typed/ca.pem");

        var all = FleetSettings.Resolve(typed, "https://environment.example", Stored);
        Assert.Equal(("typed.example", "/typed/token", "/typed/ca.pem", false), (all.Url.Host, all.TokenFile, all.CaFile, all.FleetIsStored));
        Assert.Equal(Enumerable.Repeat((byte)0xbb, 32), all.Fleet);
        Assert.Equal("environment.example", FleetSettings.Resolve(Nothing, "https://environment.example", Stored).Url.Host);
        var stored = FleetSettings.Resolve(Nothing, "", Stored);
        Assert.Equal(("stored.example", "/stored/token", "/stored/ca.pem", true), (stored.Url.Host, stored.TokenFile, stored.CaFile, stored.FleetIsStored));
    }

    [Fact]
    public void Resolve_WhatIsMissing_SaysWhatToGive()
    {
        Assert.Contains("--url", Assert.Throws<CliException>(() => FleetSettings.Resolve(Nothing, null, Nothing)).Message, StringComparison.Ordinal);
        var refused = Assert.Throws<CliException>(() => FleetSettings.Resolve(Nothing, null, new StoredConfiguration("https://x.example")));
        Assert.Contains("--fleet", refused.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, refused.Code);
        var noToken = FleetSettings.Resolve(Nothing, null, Stored with { TokenFile = null });
        Assert.Contains("--token-file", Assert.Throws<CliException>(() => noToken.ReadToken()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://fleet.example", true)]
    [InlineData("https://10.0.0.1:8443/base", true)]
    [InlineData("http://localhost:8080", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:8080", true)]
    [InlineData("http://fleet.example", false)]
    [InlineData("http://10.0.0.1", false)]
    [InlineData("ftp://localhost", false)]
    [InlineData("fleet.example", false)]
    [InlineData("https://", false)]
    [InlineData("https://me:secret@fleet.example", false)]
    [InlineData("https://fleet.example?x=1", false)]
    [InlineData("/etc/passwd", false)]
    public void ParseUrl_OnlyTlsOrLoopback_IsTaken(string url, bool isTaken)
    {
        if (isTaken)
        {
            Assert.Equal(new Uri(url), FleetSettings.ParseUrl(url));
        }
        else
        {
            Assert.Throws<CliException>(() => FleetSettings.ParseUrl(url));
        }
    }

    [Fact]
    public void ParseFingerprint_AnythingElse_IsRefused()
    {
        foreach (var text in new[] { "", new string('a', 63), new string('a', 65), new string('g', 64), " " + new string('a', 63) })
        {
            Assert.Throws<CliException>(() => FleetSettings.ParseFingerprint(text));
        }
    }

    [Fact]
    public void ReadToken_APrivateFile_IsTaken()
    {
        Assert.Equal("mtk_abc", FleetSettings.ReadToken(_folder.Write("token", " mtk_abc \n")));
        Assert.Equal("mtk_abc", FleetSettings.ReadToken(_folder.Write("token", "mtk_abc", UnixFileMode.UserRead)));
    }

    [Fact]
    public void ReadToken_AFileOfOthersOrNone_IsRefused()
    {
        Assert.Contains("chmod 600", Refused(_folder.Write("token", "mtk_abc", TemporaryFolder.OwnerFile | UnixFileMode.GroupRead)), StringComparison.Ordinal);
        Assert.Contains("is empty", Refused(_folder.Write("token", "")), StringComparison.Ordinal);
        Assert.Contains("no API token", Refused(_folder.Write("token", "   ")), StringComparison.Ordinal);
        Assert.Contains("no API token", Refused(_folder.Write("token", "mtk_abc def")), StringComparison.Ordinal);
        Assert.Contains("no API token", Refused(_folder.Write("token", "mtk_\u00e4")), StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => FleetSettings.ReadToken(_folder.File("missing")));
    }

    private static string Refused(string path) => Assert.Throws<CliException>(() => FleetSettings.ReadToken(path)).Message;
}
