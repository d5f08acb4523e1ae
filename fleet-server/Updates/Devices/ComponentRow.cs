namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What a device has, by a receipt that it has signed: that alone writes this.</summary>
internal sealed class ComponentRow
{
    public required string DeviceId { get; init; }

    public required string Name { get; init; }

    public required string Kind { get; set; }

    public required string Version { get; set; }

    /// <summary>Of the release: it only rises on a device.</summary>
    public long Counter { get; set; }

    /// <summary>Of the content, lower hex digits.</summary>
    public required string Sha256 { get; set; }

    /// <summary>When it was signed, by the device's clock where it knew the time.</summary>
    public DateTimeOffset Since { get; set; }

    /// <summary>The command that brought it.</summary>
    public required string CommandId { get; set; }
}
