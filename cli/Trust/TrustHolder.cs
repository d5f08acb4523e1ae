using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>Who holds the root key.</summary>
internal static class TrustHolder
{
    /// <summary>
    /// True until an owner has taken the fleet over: a server that begins a fleet makes its root key, and gives itself the role of an owner.
    /// </summary>
    public static bool IsServer(FleetTrust trust) => trust.Server.HasRole(Roles.Owner);
}
