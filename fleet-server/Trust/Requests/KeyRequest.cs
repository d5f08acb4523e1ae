namespace Messaging.FleetServer.Trust.Requests;

/// <summary>
/// Somebody asks the fleet's owners to let devices heed a key. It gives no power: that takes a roster which an owner has signed. Once the
/// roster names the key, it says whose key that is.
/// </summary>
internal sealed class KeyRequest
{
    /// <summary>32 lower hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>The operator's, or the API token's.</summary>
    public required string AccountId { get; init; }

    public required string Account { get; init; }

    /// <summary>The public half: an uncompressed point of 65 bytes.</summary>
    public required byte[] Point { get; init; }

    /// <summary>SHA-256 of the point, 64 lower hex digits.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>Who begins with the key, 32 lower hex digits.</summary>
    public required string Principal { get; init; }

    /// <summary>The role in the roster that is asked for: operator or owner.</summary>
    public required string Role { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when the roster is known to name the key; null while an owner has to decide.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }
}
