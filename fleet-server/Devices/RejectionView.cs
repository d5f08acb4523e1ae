using Messaging.FleetServer.Telemetry.Queries;

namespace Messaging.FleetServer.Devices;

/// <param name="Side">"server" or "device": who refused.</param>
internal sealed record RejectionView(string Side, string Reason, long Count, DateTimeOffset LastAt)
{
    public static RejectionView Of(StoredRejection rejection) => new(
        rejection.Side, rejection.Reason, rejection.Count, DateTimeOffset.FromUnixTimeMilliseconds(rejection.LastAt));
}
