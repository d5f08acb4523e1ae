using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Telemetry;

/// <summary>What a number stands for in the batches of an epoch: [name, unit, kind, [k, v, ...], scale].</summary>
/// <param name="Name">By OpenTelemetry's conventions, at most 256 bytes.</param>
/// <param name="Unit">UCUM, at most 64 bytes.</param>
/// <param name="Kind">How the values relate to each other.</param>
/// <param name="Attributes">At most 64 pairs.</param>
/// <param name="Scale">
/// What its values are multiples of, most of the time. 0 to 9: 10^-scale; 10: of nothing, their 64 bits are kept; 11 to 62: 2^(scale - 10).
/// </param>
public sealed record SeriesDefinition(
    string Name, string Unit, MetricKind Kind, IReadOnlyList<KeyValuePair<string, string>> Attributes, int Scale)
{
    /// <summary>The largest scale.</summary>
    public const int MaxScale = ValueScale.Max;

    /// <summary>The scale of values of which every bit is kept.</summary>
    public const int RawScale = ValueScale.Raw;

    /// <summary>By content, attributes in their order included.</summary>
    public bool Equals(SeriesDefinition? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Name == other.Name && Unit == other.Unit && Kind == other.Kind && Scale == other.Scale
            && HasSameAttributes(other));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Unit, Kind, Attributes.Count, Scale);

    /// <summary>The scale for values that are like these.</summary>
    public static int ScaleOf(IReadOnlyList<MetricPoint> points) => ValueScale.Of(points);

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (definition, ref writer) =>
    {
        writer.WriteArrayHead(5);
        definition.WriteFields(ref writer);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SeriesDefinition? definition)
    {
        var reader = new CborReader(data);
        definition = null;
        if (!reader.TryReadArray(5) || !TryReadFields(ref reader, out definition) || !reader.AtEnd)
        {
            definition = null;
        }

        return definition is not null;
    }

    internal void WriteFields(ref CborWriter writer)
    {
        writer.WriteText(Name, MetricBatchReader.MaxNameBytes);
        writer.WriteText(Unit, MetricBatchReader.MaxUnitBytes);
        writer.WriteUInt64((ulong)Kind);
        StringPairs.Write(ref writer, Attributes);
        writer.WriteUInt64((ulong)Scale);
    }

    internal static bool TryReadFields(ref CborReader reader, [NotNullWhen(true)] out SeriesDefinition? definition)
    {
        definition = null;
        if (!reader.TryReadText(out var name, MetricBatchReader.MaxNameBytes)
            || !reader.TryReadText(out var unit, MetricBatchReader.MaxUnitBytes)
            || !reader.TryReadInt32(out var kind, (int)MetricKind.UpDownCounter)
            || !StringPairs.TryRead(ref reader, out var attributes)
            || !reader.TryReadInt32(out var scale, MaxScale))
        {
            return false;
        }

        definition = new SeriesDefinition(name, unit, (MetricKind)kind, attributes, scale);
        return true;
    }

    /// <summary>The same metric with other values of the same attributes; null when their number is another.</summary>
    internal SeriesDefinition? With(IReadOnlyList<string> values) => values.Count != Attributes.Count
        ? null
        : this with { Attributes = Combine(Attributes, values) };

    private static KeyValuePair<string, string>[] Combine(IReadOnlyList<KeyValuePair<string, string>> attributes, IReadOnlyList<string> values)
    {
        var combined = new KeyValuePair<string, string>[values.Count];
        for (var i = 0; i < combined.Length; i++)
        {
            combined[i] = new(attributes[i].Key, values[i]);
        }

        return combined;
    }

    private bool HasSameAttributes(SeriesDefinition other)
    {
        if (Attributes.Count != other.Attributes.Count)
        {
            return false;
        }

        for (var i = 0; i < Attributes.Count; i++)
        {
            if (Attributes[i].Key != other.Attributes[i].Key || Attributes[i].Value != other.Attributes[i].Value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether only the values of the attributes differ.</summary>
    public bool IsLike(SeriesDefinition other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (Name != other.Name || Unit != other.Unit || Kind != other.Kind || Scale != other.Scale || Attributes.Count != other.Attributes.Count)
        {
            return false;
        }

        for (var i = 0; i < Attributes.Count; i++)
        {
            if (Attributes[i].Key != other.Attributes[i].Key)
            {
                return false;
            }
        }

        return true;
    }
}
