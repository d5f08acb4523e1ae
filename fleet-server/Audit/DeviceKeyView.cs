using System.Globalization;
using Messaging.FleetServer.Audit.Executions;

namespace Messaging.FleetServer.Audit;

/// <summary>A device's change of its identity key, signed by the key before.</summary>
/// <param name="Key">The key that has signed it, hex of the point.</param>
/// <param name="Bytes">The COSE_Sign1, base64.</param>
internal sealed record DeviceKeyView(string Id, string DeviceId, string Key, string Bytes)
{
    public static DeviceKeyView Of(DeviceKeyRow row) => new(
        row.Id.ToString(CultureInfo.InvariantCulture), row.DeviceId, Convert.ToHexStringLower(row.KeyPoint), Convert.ToBase64String(row.Bytes));
}
