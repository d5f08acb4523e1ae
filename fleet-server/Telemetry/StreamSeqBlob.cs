using System.Buffers.Binary;
using Messaging.Streams;

namespace Messaging.FleetServer.Telemetry;

/// <summary>Pairs of stream and sequence number in a column: u32, u64, little endian.</summary>
internal static class StreamSeqBlob
{
    private const int PairBytes = sizeof(uint) + sizeof(ulong);

    public static byte[] Write(IReadOnlyList<StreamSeq> pairs)
    {
        var blob = new byte[pairs.Count * PairBytes];
        for (var i = 0; i < pairs.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(blob.AsSpan(i * PairBytes), pairs[i].StreamId);
            BinaryPrimitives.WriteUInt64LittleEndian(blob.AsSpan((i * PairBytes) + sizeof(uint)), pairs[i].Seq);
        }

        return blob;
    }

    public static StreamSeq[] Read(ReadOnlySpan<byte> blob)
    {
        var pairs = new StreamSeq[blob.Length / PairBytes];
        for (var i = 0; i < pairs.Length; i++)
        {
            pairs[i] = new StreamSeq(
                BinaryPrimitives.ReadUInt32LittleEndian(blob[(i * PairBytes)..]),
                BinaryPrimitives.ReadUInt64LittleEndian(blob[((i * PairBytes) + sizeof(uint))..]));
        }

        return pairs;
    }
}
