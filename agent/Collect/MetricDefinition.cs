using Messaging.Telemetry;

namespace Messaging.Agent.Collect;

/// <summary>A metric as OpenTelemetry's semantic conventions name it.</summary>
/// <param name="Name">Dotted name, such as <c>system.cpu.time</c>.</param>
/// <param name="Unit">UCUM unit, such as <c>s</c>, <c>By</c>, <c>1</c> or <c>{process}</c>.</param>
/// <param name="Kind">How values combine over time.</param>
internal sealed record MetricDefinition(string Name, string Unit, InstrumentKind Kind)
{
    /// <summary>To how many decimals values are rounded: what is beyond is not measured but made by dividing. Null: they are kept as they are.</summary>
    public int? Decimals { get; init; }

    /// <summary>Values are multiples of this power of two, such as 10 for kibibytes, where they are at least as coarse everywhere.</summary>
    public int Shift { get; init; }

    /// <summary>How values are written: see <see cref="SeriesDefinition.Scale"/>. Null: as the first ones of a series allow.</summary>
    public int? Scale => Shift > 0 ? SeriesDefinition.RawScale + Shift : Decimals;

    public double Round(double value) => Decimals is { } decimals ? Math.Round(value, decimals, MidpointRounding.AwayFromZero) : value;
}
