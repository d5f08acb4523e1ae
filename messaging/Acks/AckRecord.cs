using System.Diagnostics.CodeAnalysis;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.Acks;

/// <summary>
/// The end-to-end acknowledgement: [1, serverUnixMs, [[epochId, [[streamId, throughSeq]...]]...]]. Cumulative: a later one with the
/// same epoch and stream says at least as much, so lost, repeated and reordered ones do no harm.
/// </summary>
/// <param name="ServerUnixMs">The server's time, in Unix milliseconds.</param>
/// <param name="Epochs">At most <see cref="MaxEpochs"/>.</param>
public sealed record AckRecord(long ServerUnixMs, IReadOnlyList<EpochAck> Epochs)
{
    /// <summary>The most epochs in one record.</summary>
    public const int MaxEpochs = 256;

    /// <summary>The wire form.</summary>
    public byte[] Encode() => MessageBuffer.Write(this, static (ack, ref writer) =>
    {
        writer.WriteArrayHead(3);
        writer.WriteUInt64(1);
        UnixTime.Write(ref writer, ack.ServerUnixMs);
        writer.WriteArrayHead(ack.Epochs.Count, MaxEpochs);
        foreach (var epoch in ack.Epochs)
        {
            writer.WriteArrayHead(2);
            writer.WriteEpochId(epoch.EpochId);
            StreamSeq.WriteList(ref writer, epoch.Through);
        }
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out AckRecord? ack)
    {
        ack = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArray(3)
            || !reader.TryReadExpected(1)
            || !UnixTime.TryRead(ref reader, out var unixMs)
            || !reader.TryReadArrayHead(out var count, MaxEpochs))
        {
            return false;
        }

        var epochs = new EpochAck[count];
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadArray(2) || !reader.TryReadEpochId(out var id) || !StreamSeq.TryReadList(ref reader, out var through))
            {
                return false;
            }

            epochs[i] = new EpochAck(id, through);
        }

        ack = reader.AtEnd ? new AckRecord(unixMs, epochs) : null;
        return ack is not null;
    }
}
