using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Cli.Verbs;

internal static class RosterChange
{
    /// <summary>A roster under the present root, signed.</summary>
    /// <exception cref="CliException">The keys are not the owners'.</exception>
    public static TrustChange Sign(FleetTrust trust, RosterContent next, IReadOnlyList<IdentityKey> owners) => TrustHolder.IsServer(trust)
        ? throw new CliException("The server holds the root key and signs rosters itself. First take the fleet over: fleetctl trust take-over --root-key FILE --owner-key FILE")
        : new TrustChange([], RosterSigning.Sign(next, trust.Root.Owner, owners));
}
