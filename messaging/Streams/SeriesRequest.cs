using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Streams;

/// <summary>"I do not know what these numbers of series stand for in your epoch": [1, epochId, [id...]].</summary>
/// <param name="EpochId">The epoch.</param>
/// <param name="Ids">At most <see cref="MaxIds"/>, ascending.</param>
public sealed record SeriesRequest(EpochId EpochId, IReadOnlyList<uint> Ids)
{
    /// <summary>The most numbers in one request; a sender that has more to ask does so again.</summary>
    public const int MaxIds = 1024;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (request, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        writer.WriteEpochId(request.EpochId);
        SeriesIds.Write(ref writer, request.Ids);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out SeriesRequest? request)
    {
        var reader = new CborReader(data);
        request = reader.TryReadArray(3) && reader.TryReadExpected(1) && reader.TryReadEpochId(out var epoch) && SeriesIds.TryRead(ref reader, out var ids)
            && reader.AtEnd
                ? new SeriesRequest(epoch, ids)
                : null;
        return request is not null;
    }
}
