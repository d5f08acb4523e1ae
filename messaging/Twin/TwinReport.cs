using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Twin;

/// <summary>What a device says of its desired state: [1, reportNo, version, digest, unixMs | null, [property...]].</summary>
/// <param name="ReportNo">Rises with each report of a device: the highest is the newest.</param>
/// <param name="Version">Of the desired state that it keeps.</param>
/// <param name="Digest">Its <see cref="DesiredState.Digest"/>.</param>
/// <param name="UnixMs">The device's time, in Unix milliseconds; null if it has none that it would believe.</param>
/// <param name="Properties">Each property of the desired state once, in its order: settings, files, units, values.</param>
public sealed record TwinReport(ulong ReportNo, ulong Version, ReadOnlyMemory<byte> Digest, long? UnixMs, IReadOnlyList<PropertyReport> Properties)
{
    /// <summary>The wire form.</summary>
    /// <exception cref="InvalidOperationException">It is beyond its limits.</exception>
    public byte[] Encode() => MessageBuffer.Write(this, static (report, ref writer) =>
    {
        if (report.ReportNo == 0 || report.Version is 0 or > DesiredState.MaxVersion || report.Digest.Length != WireLimits.HashBytes)
        {
            throw new InvalidOperationException("A report has numbers from 1 and the SHA-256 of the desired state.");
        }

        writer.WriteArrayHead(6);
        writer.WriteUInt64(1);
        writer.WriteUInt64(report.ReportNo);
        writer.WriteUInt64(report.Version);
        writer.WriteBytes(report.Digest.Span);
        UnixTime.WriteOrNull(ref writer, report.UnixMs);
        writer.WriteArrayHead(report.Properties.Count, DesiredState.MaxProperties);
        PropertyReport? last = null;
        foreach (var property in report.Properties)
        {
            if (!Follows(last, property))
            {
                throw new InvalidOperationException($"'{property.Name}' is not in the order of the desired state.");
            }

            property.Write(ref writer);
            last = property;
        }
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out TwinReport? report)
    {
        report = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(6)
            || !reader.TryReadExpected(1)
            || !reader.TryReadUInt64(out var number, long.MaxValue)
            || number == 0
            || !reader.TryReadUInt64(out var version, DesiredState.MaxVersion)
            || version == 0
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var digest)
            || !UnixTime.TryReadOrNull(ref reader, out var unixMs)
            || !reader.TryReadArrayHead(out var count, DesiredState.MaxProperties))
        {
            return false;
        }

        var properties = new PropertyReport[count];
        for (var i = 0; i < count; i++)
        {
            if (!PropertyReport.TryRead(ref reader, out var property) || !Follows(i == 0 ? null : properties[i - 1], property))
            {
                return false;
            }

            properties[i] = property;
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        report = new TwinReport(number, version, digest.ToArray(), unixMs, properties);
        return true;
    }

    private static bool Follows(PropertyReport? last, PropertyReport next) =>
        last is null || last.Kind < next.Kind || (last.Kind == next.Kind && TwinText.Compare(last.Name, next.Name) < 0);
}
