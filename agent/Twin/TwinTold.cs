using System.Buffers;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Agent.Twin;

/// <summary>
/// What the device said last of its desired state: [reportNo, restartedFor, report | null, flags]. The report is what would be sent; a flag each says
/// that the property was in force.
/// </summary>
/// <param name="ReportNo">The highest number that may be used already.</param>
/// <param name="RestartedFor">The version for which the agent was restarted last, so that it is restarted for each once; 0: for none.</param>
/// <param name="Report">How far each property was; null: nothing was told.</param>
/// <param name="WasInForce">For each property of the report.</param>
internal sealed record TwinTold(ulong ReportNo, ulong RestartedFor, TwinReport? Report, IReadOnlyList<bool> WasInForce)
{
    public static readonly TwinTold None = new(0, 0, null, []);

    public byte[] Encode()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(4);
        writer.WriteUInt64(ReportNo);
        writer.WriteUInt64(RestartedFor);
        if (Report is null)
        {
            writer.WriteNull();
        }
        else
        {
            writer.WriteBytes(Report.Encode());
        }

        var flags = writer.WriteBytesInPlace(WasInForce.Count);
        for (var i = 0; i < flags.Length; i++)
        {
            flags[i] = WasInForce[i] ? (byte)1 : (byte)0;
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Null when it is none.</summary>
    public static TwinTold? TryDecode(ReadOnlySpan<byte> data)
    {
        var reader = new CborReader(data);
        if (!reader.TryReadArray(4) || !reader.TryReadUInt64(out var number, long.MaxValue) || !reader.TryReadUInt64(out var restarted, DesiredState.MaxVersion))
        {
            return null;
        }

        TwinReport? report = null;
        if (!reader.TryReadNull() && (!reader.TryReadBytes(out var bytes) || !TwinReport.TryDecode(bytes, out report)))
        {
            return null;
        }

        if (!reader.TryReadBytes(out var flags) || !reader.AtEnd || flags.Length != (report?.Properties.Count ?? 0))
        {
            return null;
        }

        var inForce = new bool[flags.Length];
        for (var i = 0; i < inForce.Length; i++)
        {
            inForce[i] = flags[i] == 1;
        }

        return new TwinTold(number, restarted, report, inForce);
    }
}
