using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>Whom devices trust, as it is shown.</summary>
/// <param name="Fleet">The fleet's id, 32 lower hexadecimal digits.</param>
/// <param name="Fingerprint">Of the newest root, 64 lower hexadecimal digits.</param>
/// <param name="ServerHoldsRoot">True until an owner has taken the fleet over.</param>
/// <param name="Root">Who may say everything else.</param>
/// <param name="Roster">Who is who.</param>
/// <param name="Notice">What the server says of itself.</param>
internal sealed record TrustView(string Fleet, string Fingerprint, bool ServerHoldsRoot, RootView Root, RosterView Roster, NoticeView Notice)
{
    public static TrustView Of(FleetTrust trust) => new(
        trust.Root.FleetId.ToString(),
        Convert.ToHexStringLower(trust.Bundle.Roots[^1].Fingerprint),
        TrustHolder.IsServer(trust),
        RootView.Of(trust.Root),
        RosterView.Of(trust.Roster),
        NoticeView.Of(trust.Notice));
}
