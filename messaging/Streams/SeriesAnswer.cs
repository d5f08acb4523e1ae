using System.Diagnostics.CodeAnalysis;
using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>
/// The answer to a <see cref="SeriesRequest"/>: [1, epochId, [[id, name, unit, kind, [k, v, ...], scale]...], [lost id...]]. Both lists are final: a
/// number never means anything else, and what is lost stays so.
/// </summary>
/// <param name="EpochId">The epoch.</param>
/// <param name="Known">What numbers stand for; at most <see cref="SeriesRequest.MaxIds"/>.</param>
/// <param name="Lost">Numbers that this sender can no longer explain, ascending: records that need them cannot be read any more.</param>
public sealed record SeriesAnswer(EpochId EpochId, IReadOnlyList<KeyValuePair<uint, SeriesDefinition>> Known, IReadOnlyList<uint> Lost)
{
    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (answer, ref writer) =>
    {
        writer.WriteArrayHead(4);
        writer.WriteUInt64(1);
        writer.WriteEpochId(answer.EpochId);
        writer.WriteArrayHead(answer.Known.Count, SeriesRequest.MaxIds);
        foreach (var (id, definition) in answer.Known)
        {
            writer.WriteArrayHead(6);
            writer.WriteUInt64(id);
            definition.WriteFields(ref writer);
        }

        SeriesIds.Write(ref writer, answer.Lost);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SeriesAnswer? answer)
    {
        answer = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4) || !reader.TryReadExpected(1) || !reader.TryReadEpochId(out var epoch)
            || !reader.TryReadArrayHead(out var count, SeriesRequest.MaxIds))
        {
            return false;
        }

        var known = new KeyValuePair<uint, SeriesDefinition>[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(6) || !reader.TryReadUInt32(out var id, SeriesBatch.MaxKept - 1)
                || (i > 0 && id <= known[i - 1].Key) || !SeriesDefinition.TryReadFields(ref reader, out var definition)
                || definition.Encode().Length > SeriesBatch.MaxKeptBytes)
            {
                return false;
            }

            known[i] = new(id, definition);
        }

        answer = SeriesIds.TryRead(ref reader, out var lost) && reader.AtEnd ? new SeriesAnswer(epoch, known, lost) : null;
        return answer is not null;
    }
}
