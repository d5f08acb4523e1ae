using Messaging.Updates.Client;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Repository;

/// <summary>
/// Whom a fleet's repository trusts, for those who change it: its roots from the first to the newest, verified without a look at the clock,
/// since what has expired is what is to be renewed. Devices use <see cref="TufClient"/>.
/// </summary>
public sealed class RepositoryTrust
{
    private static readonly ITufScheme[] Schemes = [new P256Scheme()];
    private readonly Signers _signers = new(Schemes);
    private readonly TrustedMetadata _trusted;
    private readonly List<byte[]> _roots = [];

    private RepositoryTrust(TrustedMetadata trusted, byte[] root)
    {
        _trusted = trusted;
        _roots.Add(root);
    }

    /// <summary>The newest root.</summary>
    public RootMetadata Root => _trusted.Root;

    /// <summary>All roots, from the one that it began with.</summary>
    public IReadOnlyList<byte[]> Roots => _roots;

    /// <summary>Begins with a root that its own keys have signed. Who that is, the caller has to know: see <see cref="RepositoryAnchor"/>.</summary>
    /// <exception cref="TufException">It is none, or not signed by as many of its own keys as it says.</exception>
    public static RepositoryTrust Begin(ReadOnlySpan<byte> root) => new(new TrustedMetadata(root, Schemes, DateTimeOffset.MinValue), root.ToArray());

    /// <summary>Goes on to the next root.</summary>
    /// <exception cref="TufException">It is none, does not follow, or is not signed by as many keys of the one before and of its own as they say.</exception>
    public void TakeRoot(ReadOnlySpan<byte> root)
    {
        _ = _trusted.TakeRoot(root);
        _roots.Add(root.ToArray());
    }

    /// <summary>Reads targets that the keys of the newest root have signed. They may be of any version and have expired.</summary>
    /// <exception cref="TufException">They are none, or not signed by as many keys as must.</exception>
    public TargetsMetadata ReadTargets(ReadOnlySpan<byte> targets)
    {
        var read = TargetsMetadata.Parse(targets);
        _signers.Demand(read, Root.Targets, Root.Keys);
        return read;
    }
}
