namespace Messaging.FleetServer.Audit.Executions;

/// <summary>A device's change of its identity key, signed by the key before: so that its id leads to every key that it has signed with.</summary>
internal sealed class DeviceKeyRow
{
    public long Id { get; init; }

    public required string DeviceId { get; init; }

    /// <summary>The identity key that has signed it.</summary>
    public required byte[] KeyPoint { get; init; }

    public required byte[] Bytes { get; init; }
}
