namespace Messaging.FleetServer.Devices;

/// <summary>A device as the registry stores it. Others read <see cref="DeviceSnapshot"/>.</summary>
internal sealed class Device
{
    /// <summary>32 lower hex digits: the hash of the first identity key.</summary>
    public required string Id { get; init; }

    public required string Name { get; set; }

    public DeviceStatus Status { get; set; }

    /// <summary>Why it is pending or revoked, for people.</summary>
    public string StatusReason { get; set; } = "";

    /// <summary>The current identity key, an uncompressed P-256 point of 65 bytes.</summary>
    public required byte[] IdentityPoint { get; set; }

    /// <summary>Identity keys before this one, each with the newest epoch that it may have signed.</summary>
    public List<RetiredIdentity> RetiredIdentities { get; set; } = [];

    /// <summary>The current HPKE key, an uncompressed P-256 point of 65 bytes.</summary>
    public required byte[] HpkePoint { get; set; }

    /// <summary>The HPKE key that the device enrolled with: what a repeated request must carry.</summary>
    public required byte[] EnrolledHpkePoint { get; init; }

    /// <summary>Rises by every accepted key update; 0 after enrolment.</summary>
    public long KeyNo { get; set; }

    /// <summary>The token that it was enrolled by; hex.</summary>
    public string? TokenId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? EnrolledAt { get; set; }

    public DateTimeOffset? LastSeen { get; set; }

    public List<string> Tags { get; set; } = [];

    /// <summary>Group ids, hex.</summary>
    public List<string> Groups { get; set; } = [];

    public Dictionary<string, string> Facts { get; set; } = [];

    /// <summary>Milliseconds between two collections, by collector.</summary>
    public Dictionary<string, long> Intervals { get; set; } = [];

    public List<string> AllowedCommands { get; set; } = [];

    public List<string> Scripts { get; set; } = [];

    public List<string> Units { get; set; } = [];

    /// <summary>Whether the four lists above were ever reported.</summary>
    public bool Described { get; set; }

    /// <summary>The identity keys that it has or had, newest first: what waited in its spool may be signed by a key before.</summary>
    public IEnumerable<byte[]> IdentityPoints() => RetiredIdentities.Select(static retired => retired.Point).Append(IdentityPoint).Reverse();

    /// <summary>A copy to change: what readers hold is never changed under them.</summary>
    public Device Copy()
    {
        var copy = (Device)MemberwiseClone();
        copy.RetiredIdentities = [.. RetiredIdentities];
        copy.Tags = [.. Tags];
        copy.Groups = [.. Groups];
        copy.Facts = new(Facts);
        copy.Intervals = new(Intervals);
        copy.AllowedCommands = [.. AllowedCommands];
        copy.Scripts = [.. Scripts];
        copy.Units = [.. Units];
        return copy;
    }
}
