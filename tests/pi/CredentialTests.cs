using Messaging.EndToEnd.Harness;
using Messaging.Pi.Harness;

namespace Messaging.Pi;

/// <summary>A device that is installed with its token in one of systemd's places for credentials, as an image is that is written for many.</summary>
public sealed class CredentialTests(RaspberryPiWithCredential pi) : IClassFixture<RaspberryPiWithCredential>
{
    [Fact]
    public async Task Token_LaidDownAsACredential_EnrolsTheDeviceAndIsRemoved()
    {
        await pi.Online();

        Assert.Equal("active", (await pi.Console.Run("systemctl is-active messaging-agent")).Trim());
        await Eventually.Is("the token is gone", TimeSpan.FromMinutes(2), async () => (await pi.Console.TryRun($"test -e {RaspberryPi.Credential}")).Code != 0);
        Assert.Equal(0, (await pi.Console.TryRun("test -s /var/lib/messaging-agent/enrolment")).Code);
    }
}
