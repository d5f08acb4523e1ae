using Messaging.Relay.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay.Tests;

public sealed class RelayOptionsTests
{
    private static readonly RelayOptions Valid = new() { Port = 0, ControlKeys = [new byte[32]] };

    [Fact]
    public void Validate_Defaults_NeedNothingButControlKeys()
    {
        Assert.Empty(RelayOptionsValidator.Validate(Valid));
        Assert.Contains("ControlKeys", Assert.Single(RelayOptionsValidator.Validate(Valid with { ControlKeys = [] })), StringComparison.Ordinal);
    }

    [Fact]
    public void AddRelay_ManyErrors_ReportsAllAtOnce()
    {
        var broken = Valid with
        {
            Port = 70_000,
            TlsPort = 8883,
            UnixSocketPath = new string('x', 200),
            WebSocketPath = "mqtt",
            ControlKeys = [new byte[31]],
            MaxQueuedBytes = 1,
            ConnectTimeout = TimeSpan.Zero,
            MaxKeepAlive = TimeSpan.FromDays(2),
        };

        var exception = Assert.Throws<RelayOptionsException>(() => new ServiceCollection().AddRelay(broken));

        foreach (var name in new[] { "Port", "Certificate", "UnixSocketPath", "WebSocketPath", "ControlKeys", "MaxQueuedBytes", "ConnectTimeout", "MaxKeepAlive" })
        {
            Assert.Contains(exception.Errors, error => error.Contains(name, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Validate_CertificateWithoutPrivateKey_IsAnError()
    {
        using var certificate = Certificates.Create();
        using var publicHalf = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadCertificate(certificate.RawData);

        Assert.Contains("private key", Assert.Single(RelayOptionsValidator.Validate(Valid with { TlsPort = 0, Certificate = publicHalf })), StringComparison.Ordinal);
    }
}
