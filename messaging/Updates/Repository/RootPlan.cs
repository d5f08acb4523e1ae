using Messaging.Trust;
using Messaging.Updates.Metadata;
using Messaging.Wire;

namespace Messaging.Updates.Repository;

/// <summary>Who signs what in a fleet's repository: people for the root and the targets, the server for the other two.</summary>
/// <param name="Version">From 1 on, without a gap.</param>
/// <param name="Expires">From then on it is not to be trusted; whole seconds count.</param>
/// <param name="Root">Who signs this and the next root.</param>
/// <param name="Targets">Who signs what there is to install.</param>
/// <param name="Online">The key by which the server signs snapshot and timestamp.</param>
public sealed record RootPlan(long Version, DateTimeOffset Expires, KeyRole Root, KeyRole Targets, IdentityPublicKey Online)
{
    /// <summary>What is to be signed.</summary>
    public TufDocument Create()
    {
        var online = new KeyRole(1, Online);
        var keys = Root.Keys.Concat(Targets.Keys).Append(Online).Distinct().Select(RepositoryKey.Of);
        return new TufDocument(TufNames.Root, JsonTree.Object(Header.Of(TufNames.Root, Version, Expires)
            .Append(("consistent_snapshot", TufJson.True))
            .Append(("keys", JsonTree.Object(keys.Select(static one => (one.Id, RepositoryKey.Tree(one.Key))))))
            .Append(("roles", JsonTree.Object(
                (TufNames.Root, Role(Root)), (TufNames.Targets, Role(Targets)), (TufNames.Snapshot, Role(online)), (TufNames.Timestamp, Role(online)))))));
    }

    /// <summary>What a root says; null when it is not one of a fleet's repository: other kinds of keys, or no single key for snapshot and timestamp.</summary>
    public static RootPlan? Of(RootMetadata root)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Read(root, root.Root) is { } people && Read(root, root.Targets) is { } targets
            && Read(root, root.Snapshot) is { Keys.Count: 1 } snapshot && Read(root, root.Timestamp) is { Keys.Count: 1 } timestamp && snapshot.Keys[0].Equals(timestamp.Keys[0])
            && root.ConsistentSnapshot
            ? new RootPlan(root.Version, root.Expires, people, targets, snapshot.Keys[0])
            : null;
    }

    private static TufJson Role(KeyRole role) => JsonTree.Object(
        ("keyids", JsonTree.Array(role.Keys.Select(static key => RepositoryKey.Of(key).Id).Order(StringComparer.Ordinal).Select(JsonTree.Text))),
        ("threshold", JsonTree.Number(role.Threshold)));

    private static KeyRole? Read(RootMetadata root, TufRole role)
    {
        var keys = role.KeyIds.Select(id => root.Keys.TryGetValue(id, out var key) ? RepositoryKey.Read(key) : null).ToList();
        return keys.Count is > 0 and <= KeyRole.MaxKeys && keys.TrueForAll(static key => key is not null) && keys.Distinct().Count() == keys.Count && role.Threshold <= keys.Count
            ? new KeyRole((int)role.Threshold, [.. keys.Select(static key => key!)])
            : null;
    }
}
