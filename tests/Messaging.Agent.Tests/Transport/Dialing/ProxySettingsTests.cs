using Messaging.Agent.Configuration;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Transport.Dialing;

namespace Messaging.Agent.Tests.Transport.Dialing;

public sealed class ProxySettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];
    private readonly TransportOptions _options = new();

    private ProxySettings Settings => new(_options, _environment.GetValueOrDefault);

    [Theory]
    [InlineData("relay.example", true)]
    [InlineData("localhost", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("inside.example.org", false)]
    [InlineData("EXAMPLE.ORG", false)]
    [InlineData("notexample.org", true)]
    [InlineData("10.1.2.3", false)]
    [InlineData("11.1.2.3", true)]
    [InlineData("relay.port.example", true)]
    [InlineData("fd00::1", false)]
    public void Environment_LeadsThroughItsProxy_WhereNoProxyDoesNotForbid(string host, bool isProxied)
    {
        _environment["https_proxy"] = "http://proxy:3128";
        _environment["NO_PROXY"] = "*.example.org, 10.0.0.0/8,fd00::/8,port.example:444";

        Assert.Equal(isProxied, Settings.For(host, 443) is not null);
    }

    [Fact]
    public void Configuration_WinsOverTheEnvironment()
    {
        _environment["HTTPS_PROXY"] = "http://other:3128";
        _options.Proxy = "http://proxy:8080";

        Assert.Equal("http://proxy:8080", Settings.For("localhost", 443)!.Name);
    }

    [Fact]
    public void Configuration_CanSayThatThereIsNone()
    {
        _environment["HTTPS_PROXY"] = "http://other:3128";
        _options.Proxy = "none";

        Assert.Null(Settings.For("relay.example", 443));
    }

    [Fact]
    public void Password_ComesFromTheCredential()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "proxy-password"), "secret: é\n");
        _environment["CREDENTIALS_DIRECTORY"] = _folder.Path;
        _options.Proxy = "http://proxy:8080";
        _options.ProxyUser = "device";

        var proxy = Settings.For("relay.example", 443)!;

        Assert.Equal(("device", "secret: é"), (proxy.User, proxy.Password));
        Assert.DoesNotContain("secret", proxy.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Password_OfTheEnvironment_IsNotShown()
    {
        _environment["HTTPS_PROXY"] = "http://device:s%40cret@proxy:3128";

        var proxy = Settings.For("relay.example", 443)!;

        Assert.Equal(("device", "s@cret"), (proxy.User, proxy.Password));
        Assert.Equal("http://proxy:3128", proxy.ToString());
    }

    [Fact]
    public void PasswordFile_ThatOthersCanRead_IsRefused()
    {
        var file = Path.Combine(_folder.Path, "password");
        File.WriteAllText(file, "secret");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        (_options.Proxy, _options.ProxyUser, _options.ProxyPasswordFile) = ("http://proxy:8080", "device", file);

        var problem = Assert.Throws<ProxyException>(() => Settings.For("relay.example", 443));

        Assert.Contains("chmod 600", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PasswordFile_ThatIsMissing_IsSaid()
    {
        (_options.Proxy, _options.ProxyUser, _options.ProxyPasswordFile) = ("http://proxy:8080", "device", Path.Combine(_folder.Path, "none"));

        Assert.Throws<ProxyException>(() => Settings.For("relay.example", 443));
    }

    public void Dispose() => _folder.Dispose();
}
