using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Messaging.Agent.Hosting.Footprint;
using Xunit;

namespace Messaging.Agent.Tests.Hosting.Footprint;

public sealed class SystemAuthoritiesTests
{
    [Fact]
    public void Forget_AfterAChain_LeavesTheNextOneToBeBuilt()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=here", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var before = Judge(certificate);

        Assert.True(SystemAuthorities.Forget());

        Assert.Equal(before, Judge(certificate));
        Assert.True(SystemAuthorities.Forget());
    }

    private static X509ChainStatusFlags[] Judge(X509Certificate2 certificate)
    {
        using var chain = new X509Chain { ChainPolicy = { RevocationMode = X509RevocationMode.NoCheck } };
        Assert.False(chain.Build(certificate));
        return [.. chain.ChainStatus.Select(status => status.Status)];
    }
}
