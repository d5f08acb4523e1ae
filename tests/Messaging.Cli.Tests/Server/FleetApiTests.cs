using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Tests.Support;
using Messaging.Wire;

namespace Messaging.Cli.Tests.Server;

public sealed class FleetApiTests
{
    private static readonly PrincipalId Device = PrincipalId.Parse("000102030405060708090a0b0c0d0e0f");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetDevice_OverACertificateThatNobodyVouchesFor_SendsNoToken()
    {
        using var certificate = TestCertificate.SelfSigned();
        using var server = Answering("200 OK", """{"boot":null}""", certificate);
        using var api = new FleetApi(server.Url, new CertificateCheck([]), "mtk_secret");

        var refused = await Assert.ThrowsAsync<CliException>(() => api.GetDeviceAsync(Device, Ct));

        Assert.Equal(ExitCodes.Failed, refused.Code);
        Assert.Contains("nothing was sent", refused.Message, StringComparison.Ordinal);
        Assert.Empty(server.Heads);

        // Whom to trust proves itself, and takes no token.
        await api.GetTrustAsync(Ct);
        Assert.DoesNotContain("mtk_secret", Assert.Single(server.Heads), StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetDevice_OverACertificateOfTheNotice_IsAnswered()
    {
        using var certificate = TestCertificate.SelfSigned();
        using var server = Answering("200 OK", """{"name":"x","boot":{"id":"000102030405060708090a0b0c0d0e0f","uptimeMs":5}}""", certificate);
        using var fleet = new ServerFleet(null, TestCertificate.Pin(certificate));
        using var api = new FleetApi(server.Url, new CertificateCheck([]), "mtk_secret");
        api.Trust(fleet.Device);

        var device = await api.GetDeviceAsync(Device, Ct);

        Assert.Equal(5, device.Boot!.UptimeMs);
        Assert.StartsWith($"GET /api/v1/devices/{Device} HTTP/1.1", server.Heads[0], StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer mtk_secret\r\n", server.Heads[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("127.0.0.2", false)]
    public async Task GetDevice_OverACertificateOfTheGivenAuthority_IsAnsweredWhenTheNameIsRight(string address, bool isAnswered)
    {
        var (authority, certificate) = TestCertificate.Signed(IPAddress.Parse(address));
        using var disposed = authority;
        using var alsoDisposed = certificate;
        using var folder = new TemporaryFolder();
        using var server = Answering("200 OK", """{"boot":null}""", certificate);
        using var api = new FleetApi(server.Url, new CertificateCheck(Authorities.Load(folder.Write("ca.pem", authority.ExportCertificatePem()))), "mtk_secret");

        if (isAnswered)
        {
            Assert.Null((await api.GetDeviceAsync(Device, Ct)).Boot);
        }
        else
        {
            await Assert.ThrowsAsync<CliException>(() => api.GetDeviceAsync(Device, Ct));
            Assert.Empty(server.Heads);
        }
    }

    [Theory]
    [InlineData("422 Unprocessable Content", """{"detail":"It is for another device.","code":"wrong_target"}""", "It is for another device. (wrong_target)", 1)]
    [InlineData("401 Unauthorized", "", "refuses (401)", 1)]
    [InlineData("500 Internal Server Error", "<html>", "refuses (500)", 1)]
    [InlineData("503 Service Unavailable", "", "busy or down (503)", 69)]
    [InlineData("308 Permanent Redirect\r\nLocation: https://other.example/", "", "refers to https://other.example/", 1)]
    [InlineData("200 OK", "<html>", "something else than a fleet server", 1)]
    public async Task GetDevice_AnAnswerThatIsNone_SaysWhatIsWrong(string status, string body, string reason, int code)
    {
        using var server = Answering(status, body);
        using var api = new FleetApi(server.Url, new CertificateCheck([]), "mtk_secret");

        var refused = await Assert.ThrowsAsync<CliException>(() => api.GetDeviceAsync(Device, Ct));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.Equal(code, refused.Code);
    }

    private static FakeServer Answering(string status, string body, X509Certificate2? certificate = null) =>
        new((_, _) => (status, Encoding.UTF8.GetBytes(body)), certificate);
}
