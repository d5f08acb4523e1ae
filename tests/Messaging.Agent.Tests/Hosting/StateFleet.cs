using Messaging.Agent.Tests.Support;
using Messaging.Audit;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>Keys of a fleet, and what they signed.</summary>
internal sealed class StateFleet
{
    private readonly Dictionary<ulong, byte[]> _bundles = [];
    private readonly IdentityKey _root = IdentityKey.Generate();
    private readonly IdentityKey _server = IdentityKey.Generate();

    public byte[] Fingerprint => TrustMaker.Root(_root).Fingerprint.ToArray();

    public PrincipalId ServerId => PrincipalId.FromIdentityKey(_server.Public);

    public HpkeKeyPair Hpke { get; } = HpkeKeyPair.Generate();

    /// <summary>A bundle with this version of the roster: the same bytes each time.</summary>
    public byte[] Bundle(ulong version) => _bundles.TryGetValue(version, out var known)
        ? known
        : _bundles[version] = TrustMaker.Make(_root, _server, Hpke.Public, version).Encode();

    /// <summary>What the server says of its audit log.</summary>
    public byte[] Checkpoint(long number, ChainId log = default, byte hash = 0)
    {
        var bytes = new byte[32];
        bytes[0] = hash == 0 ? (byte)number : hash;
        return LogCheckpoint.Sign(_server, ServerId, log, number, bytes, 1_800_000_000_000 + number).Bytes.ToArray();
    }
}
