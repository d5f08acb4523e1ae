using System.Globalization;
using Messaging.FleetServer.Audit.Checkpoints;

namespace Messaging.FleetServer.Audit;

/// <summary>A signed checkpoint.</summary>
/// <param name="Bytes">The COSE_Sign1, base64.</param>
internal sealed record CheckpointView(string Id, string LogId, long Number, DateTimeOffset Time, string Bytes)
{
    public static CheckpointView Of(CheckpointRow row) => new(
        row.Id.ToString(CultureInfo.InvariantCulture), row.LogId, row.Number, row.Time, Convert.ToBase64String(row.Bytes));
}
