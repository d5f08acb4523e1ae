using Messaging.Trust;
using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;
using Messaging.Wire;

namespace Messaging.Updates.Client;

/// <summary>
/// Where the trust in a fleet's repository begins: a root metadata file that the root keys of the fleet have signed (docs/decisions/0052). From then on root
/// metadata names its successor.
/// </summary>
public static class RepositoryAnchor
{
    /// <summary>Whether as many of the fleet's root keys as its root role says have signed it, under whatever keyid.</summary>
    /// <param name="rootMetadata">A root metadata file.</param>
    /// <param name="fleetRoot">The root role of the fleet.</param>
    public static bool IsSignedBy(ReadOnlySpan<byte> rootMetadata, KeyRole fleetRoot)
    {
        ArgumentNullException.ThrowIfNull(fleetRoot);
        TufEnvelope envelope;
        try
        {
            envelope = RootMetadata.Parse(rootMetadata).Envelope;
        }
        catch (TufException)
        {
            return false;
        }

        var signed = 0;
        foreach (var key in fleetRoot.Keys)
        {
            signed += HasSigned(envelope, key) ? 1 : 0;
        }

        return signed >= fleetRoot.Threshold;
    }

    private static bool HasSigned(TufEnvelope envelope, IdentityPublicKey key)
    {
        Span<byte> plain = stackalloc byte[WireLimits.SignatureBytes];
        foreach (var signature in envelope.Signatures)
        {
            if (EcdsaDer.TryToFixed(signature.Bytes, plain) && key.Verify(envelope.Canonical, plain))
            {
                return true;
            }
        }

        return false;
    }
}
