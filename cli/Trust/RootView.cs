using Messaging.Trust;

namespace Messaging.Cli.Trust;

/// <summary>The newest root as it is shown.</summary>
/// <param name="Version">Its version.</param>
/// <param name="SignedAt">When it was signed.</param>
/// <param name="Root">Who signs roots.</param>
/// <param name="Owner">Who signs rosters.</param>
internal sealed record RootView(ulong Version, DateTimeOffset SignedAt, KeyRoleView Root, KeyRoleView Owner)
{
    public static RootView Of(RootContent root) =>
        new(root.Version, DateTimeOffset.FromUnixTimeMilliseconds(root.IssuedAtUnixMs), KeyRoleView.Of(root.Root), KeyRoleView.Of(root.Owner));
}
