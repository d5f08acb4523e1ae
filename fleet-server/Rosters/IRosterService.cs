namespace Messaging.FleetServer.Rosters;

/// <summary>The fleet's keys and the signed roster that tells devices whom to trust.</summary>
internal interface IRosterService
{
    /// <summary>SHA-256 of the root key's point, 64 lower hex digits: what tokens carry.</summary>
    string FleetFingerprint { get; }

    /// <summary>SHA-256 of the server's identity point, 64 lower hex digits: what a relay of its own is configured with.</summary>
    string ControlFingerprint { get; }

    /// <summary>32 lower hex digits.</summary>
    string ServerId { get; }

    ulong Version { get; }

    /// <summary>The signed roster as devices get it.</summary>
    ReadOnlyMemory<byte> Current { get; }

    /// <summary>
    /// Says where devices find the relay. Signs and pushes a new version when that changed; call it once the listeners are bound.
    /// </summary>
    Task PublishAsync(RosterAddresses addresses, CancellationToken cancellationToken);

    /// <summary>Makes a new server HPKE key. The old ones stay, to open what was sealed to them.</summary>
    Task RotateAsync(CancellationToken cancellationToken);
}
