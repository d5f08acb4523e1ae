using Messaging.Updates.Keys;
using Messaging.Updates.Metadata;

namespace Messaging.Updates.Client;

/// <summary>Counts who signed (TUF 5.3.4, 5.4.2, 5.5.3 and 5.6.3): keys, not signatures and not ids.</summary>
/// <param name="schemes">The kinds of keys that can be verified; others count for nothing.</param>
internal sealed class Signers(IReadOnlyList<ITufScheme> schemes)
{
    /// <exception cref="TufException"><see cref="TufFailure.NotSigned"/> or <see cref="TufFailure.Threshold"/>.</exception>
    public void Demand(TufMetadata metadata, TufRole role, IReadOnlyDictionary<string, TufKey> keys)
    {
        var envelope = metadata.Envelope;
        var counted = new List<byte[]>();
        var schemesOf = new List<ITufScheme>();
        foreach (var signature in envelope.Signatures)
        {
            if (Has(role, signature.KeyId) && keys.TryGetValue(signature.KeyId, out var key) && SchemeOf(key) is { } scheme
                && scheme.Import(key.Public) is { } imported && !Has(counted, schemesOf, scheme, imported)
                && scheme.Verify(imported, envelope.Canonical, signature.Bytes))
            {
                counted.Add(imported);
                schemesOf.Add(scheme);
            }
        }

        if (counted.Count < role.Threshold)
        {
            throw new TufException(
                counted.Count == 0 ? TufFailure.NotSigned : TufFailure.Threshold,
                envelope.File,
                $"version {metadata.Version} is signed by {counted.Count} keys of the role, and needs {role.Threshold}");
        }
    }

    private static bool Has(TufRole role, string keyId)
    {
        foreach (var one in role.KeyIds)
        {
            if (one == keyId)
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(List<byte[]> keys, List<ITufScheme> schemesOf, ITufScheme scheme, byte[] key)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (ReferenceEquals(schemesOf[i], scheme) && keys[i].AsSpan().SequenceEqual(key))
            {
                return true;
            }
        }

        return false;
    }

    private ITufScheme? SchemeOf(TufKey key)
    {
        foreach (var scheme in schemes)
        {
            if (scheme.CanVerify(key.KeyType, key.Scheme))
            {
                return scheme;
            }
        }

        return null;
    }
}
