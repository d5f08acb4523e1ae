using System.Buffers;
using System.Text;
using System.Text.Json;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Commands;
using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>A device's twin as the API shows it.</summary>
/// <param name="State">none, pending, converged, converging, drifted or failed.</param>
/// <param name="Desired">What it is to be like; null: nothing is wanted, as far as this server knows.</param>
/// <param name="Reported">What it said last; null: nothing yet.</param>
/// <param name="Refused">A later one that it did not take.</param>
internal sealed record TwinView(string DeviceId, string State, DesiredView? Desired, ReportedView? Reported, RefusedView? Refused)
{
    public static TwinView Of(string deviceId, TwinRow? row)
    {
        TwinReport? report = null;
        if (row?.Report is { } bytes)
        {
            _ = TwinReport.TryDecode(bytes, out report);
        }

        DesiredState? desired = null;
        if (row?.Desired is { } args)
        {
            _ = DesiredState.TryDecode(args, out desired);
        }

        return new TwinView(
            deviceId,
            TwinRules.Word(TwinRules.StateOf(row?.DesiredVersion, report)),
            desired is null ? null : new DesiredView(
                (long)desired.Version, Document(desired), row!.CommandId!, row.SignedBy, row.CreatedBy!, row.CreatedAt!.Value, row.CommandState!.Value.Word()),
            report is null ? null : ReportedView.Of(report, row!.ReportedAt!.Value, desired),
            row?.RefusedCommandId is { } refused ? new RefusedView(row.RefusedVersion!.Value, refused, row.RefusedMessage ?? "") : null);
    }

    private static RawJson Document(DesiredState state)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            DesiredJson.Write(json, state);
            json.WriteEndObject();
        }

        return new RawJson(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
