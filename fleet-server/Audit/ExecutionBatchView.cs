using System.Globalization;
using Messaging.FleetServer.Audit.Executions;

namespace Messaging.FleetServer.Audit;

/// <summary>A part of a device's record, as the device has signed it.</summary>
/// <param name="Key">The identity key that has signed it, hex of the point.</param>
/// <param name="Bytes">The COSE_Sign1, base64.</param>
internal sealed record ExecutionBatchView(string Id, string DeviceId, DateTimeOffset ReceivedAt, string Key, string Bytes)
{
    public static ExecutionBatchView Of(ExecutionBatchRow row) => new(
        row.Id.ToString(CultureInfo.InvariantCulture), row.DeviceId, row.ReceivedAt, Convert.ToHexStringLower(row.KeyPoint), Convert.ToBase64String(row.Bytes));
}
