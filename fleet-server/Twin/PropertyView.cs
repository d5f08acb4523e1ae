using System.Buffers;
using System.Text;
using System.Text.Json;
using Messaging.FleetServer.Api;
using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>How one property of a device is.</summary>
/// <param name="Kind">setting, file, unit or app.</param>
/// <param name="State">converged, converging, drifted or failed.</param>
/// <param name="Healed">How often it had drifted and was made right again.</param>
/// <param name="Until">While it is converging or drifted, when it is something else at the latest.</param>
/// <param name="Detail">What it waits for or why it failed.</param>
/// <param name="Value">What a program says that it uses.</param>
internal sealed record PropertyView(string Kind, string Name, string State, long Healed, DateTimeOffset? Until, string Detail, RawJson? Value)
{
    public static PropertyView Of(PropertyReport report, DateTimeOffset at) => new(
        TwinRules.Word(report.Kind),
        report.Name,
        TwinRules.Word(report.State),
        report.Healed,
        report.WaitMs is { } wait ? at.AddMilliseconds(wait) : null,
        report.Detail,
        report.Value is { } value ? Json(value) : null);

    private static RawJson Json(AppValue value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            DesiredJson.Write(json, value);
        }

        return new RawJson(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
