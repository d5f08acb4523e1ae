using Messaging.Telemetry;
using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>Numbers of series that an epoch keeps, strictly ascending.</summary>
internal static class SeriesIds
{
    public static void Write(ref CborWriter writer, IReadOnlyList<uint> ids)
    {
        writer.WriteArrayHead(ids.Count, SeriesRequest.MaxIds);
        foreach (var id in ids)
        {
            writer.WriteUInt64(id);
        }
    }

    public static bool TryRead(ref CborReader reader, out uint[] ids)
    {
        ids = [];
        if (!reader.TryReadArrayHead(out var count, SeriesRequest.MaxIds))
        {
            return false;
        }

        var read = new uint[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadUInt32(out read[i], SeriesBatch.MaxKept - 1) || (i > 0 && read[i] <= read[i - 1]))
            {
                return false;
            }
        }

        ids = read;
        return true;
    }
}
