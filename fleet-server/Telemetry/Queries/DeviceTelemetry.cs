namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>What the list of devices shows of a device's telemetry.</summary>
/// <param name="Rejections">What was refused of it or by it.</param>
/// <param name="Gaps">How many ranges of records are known to be lost.</param>
internal sealed record DeviceTelemetry(IReadOnlyList<StoredRejection> Rejections, int Gaps)
{
    public static DeviceTelemetry None { get; } = new([], 0);
}
