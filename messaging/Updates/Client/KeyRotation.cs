using Messaging.Updates.Metadata;

namespace Messaging.Updates.Client;

/// <summary>Whether a new root takes a key from the roles that are signed online (TUF 5.3.11).</summary>
internal static class KeyRotation
{
    // A key that is only added takes nothing back: what the others signed stays trusted, and guards against rollbacks. Keys are compared,
    // not ids: an id that stands for another key is a rotation.
    public static bool IsOf(RootMetadata before, RootMetadata after) =>
        !Contains(after, after.Timestamp, before, before.Timestamp) || !Contains(after, after.Snapshot, before, before.Snapshot);

    private static bool Contains(RootMetadata root, TufRole role, RootMetadata other, TufRole otherRole)
    {
        foreach (var id in otherRole.KeyIds)
        {
            if (other.Keys.TryGetValue(id, out var key) && !Contains(root, role, key))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Contains(RootMetadata root, TufRole role, TufKey key)
    {
        foreach (var id in role.KeyIds)
        {
            if (root.Keys.TryGetValue(id, out var one) && one == key)
            {
                return true;
            }
        }

        return false;
    }
}
