using Messaging.Trust;

namespace Messaging.FleetServer.Trust;

/// <summary>Whom the fleet's devices are to trust, as this server brings it to them.</summary>
internal interface ITrustService
{
    /// <summary>SHA-256 of the newest root's payload, 64 lower hex digits: what tokens carry.</summary>
    string FleetFingerprint { get; }

    /// <summary>SHA-256 of the server's identity point, 64 lower hex digits: what a relay of its own is configured with.</summary>
    string ControlFingerprint { get; }

    /// <summary>32 lower hex digits.</summary>
    string ServerId { get; }

    /// <summary>Version of the newest root.</summary>
    ulong RootVersion { get; }

    /// <summary>Version of the newest roster.</summary>
    ulong RosterVersion { get; }

    /// <summary>Number of this server's newest notice: it rises whenever anything of <see cref="Current"/> changes.</summary>
    ulong NoticeNumber { get; }

    /// <summary>Roots, roster and notice as devices get them: a <see cref="Messaging.Trust.TrustBundle"/>.</summary>
    ReadOnlyMemory<byte> Current { get; }

    /// <summary>The same, verified.</summary>
    FleetTrust Trust { get; }

    /// <summary>
    /// False while this server has new keys that no roster names yet: what it shows until then is of the server before it, so that the owner
    /// finds what to begin with.
    /// </summary>
    bool IsNamed { get; }

    /// <summary>True while this server's key is one of the root's: whoever steals the server owns the fleet.</summary>
    bool HoldsRoot { get; }

    /// <summary>
    /// Takes over what the fleet's owners have signed, durable before it is pushed to devices. While this server holds the root, it signs the
    /// root that takes its place; after that its root key is deleted.
    /// </summary>
    Task<TrustVerdict> TakeAsync(TrustChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Says where devices find the relay. Signs and pushes a new notice when that changed; call it once the listeners are bound.
    /// </summary>
    Task PublishAsync(NoticeAddresses addresses, CancellationToken cancellationToken);

    /// <summary>Makes a new server HPKE key. The old ones stay, to open what was sealed to them.</summary>
    Task RotateAsync(CancellationToken cancellationToken);
}
