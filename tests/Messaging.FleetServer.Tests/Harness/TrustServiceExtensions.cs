using Messaging.FleetServer.Trust;
using Messaging.Trust;

namespace Messaging.FleetServer.Tests.Harness;

internal static class TrustServiceExtensions
{
    /// <summary>As a device sees it that was enrolled with a token of now.</summary>
    public static FleetTrust Verified(this ITrustService service)
    {
        Assert.Equal(TrustVerdict.Applied, FleetTrust.Begin(service.Current.Span, Convert.FromHexString(service.FleetFingerprint), out var trust));
        return trust!;
    }
}
