using System.Diagnostics.CodeAnalysis;
using Messaging.Wire;

namespace Messaging.Updates.Releases;

/// <summary>
/// What a device says of an update that is under way: [1, commandId, reportNo, state, unixMs | null, deadlineMs | null, done, total, detail]; with
/// [neighbours, mirrors, homes] behind it once bytes have come; numbers of bytes and milliseconds of at most 2^53 - 1.
/// </summary>
public sealed class UpdateStatus
{
    /// <summary>The most bytes of the detail.</summary>
    public const int MaxDetailBytes = 512;

    private const int Fields = 9;
    private const int MaxFields = 10;

    /// <summary>The command that assigned it.</summary>
    public required CommandId CommandId { get; init; }

    /// <summary>From 1 on; of one command the highest is the newest.</summary>
    public required ulong ReportNo { get; init; }

    /// <summary>Where it is.</summary>
    public required UpdateState State { get; init; }

    /// <summary>The device's time, in Unix milliseconds; null if it has none that it would believe.</summary>
    public long? UnixMs { get; init; }

    /// <summary>For how many milliseconds the state may still last; null: it is final.</summary>
    public ulong? DeadlineMs { get; init; }

    /// <summary>Bytes that are there.</summary>
    public ulong Done { get; init; }

    /// <summary>Bytes that are to be there; 0: it is not about bytes.</summary>
    public ulong Total { get; init; }

    /// <summary>What it waits for, or what has happened, for people.</summary>
    public string Detail { get; init; } = "";

    /// <summary>From whom bytes have come; null: none have, or the device does not say it.</summary>
    public FetchedBytes? Fetched { get; init; }

    /// <summary>The wire form.</summary>
    /// <exception cref="ArgumentException">The detail is too long.</exception>
    public byte[] Encode() => MessageBuffer.Write(this, static (status, ref writer) =>
    {
        // Without it, it is what servers know that do not count them.
        writer.WriteArrayHead(status.Fetched is null ? Fields : MaxFields);
        writer.WriteUInt64(1);
        writer.WriteCommandId(status.CommandId);
        writer.WriteUInt64(status.ReportNo);
        writer.WriteUInt64((ulong)status.State);
        UnixTime.WriteOrNull(ref writer, status.UnixMs);
        writer.WriteUInt64OrNull(status.DeadlineMs);
        writer.WriteUInt64(status.Done);
        writer.WriteUInt64(status.Total);
        writer.WriteText(status.Detail, MaxDetailBytes);
        status.Fetched?.Write(ref writer);
    });

    /// <summary>Reads the wire form.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out UpdateStatus? status)
    {
        status = null;
        ulong? deadline = null;
        FetchedBytes? fetched = null;
        var reader = new CborReader(data);
        if (!reader.TryReadArrayHead(out var fields, MaxFields)
            || fields < Fields
            || !reader.TryReadExpected(1)
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadUInt64(out var number, long.MaxValue)
            || number == 0
            || !reader.TryReadInt32(out var state, (int)UpdateState.Failed)
            || !UnixTime.TryReadOrNull(ref reader, out var unixMs))
        {
            return false;
        }

        if (!reader.TryReadNull())
        {
            if (!reader.TryReadUInt64(out var ms, TufLimits.MaxInteger))
            {
                return false;
            }

            deadline = ms;
        }

        if (!reader.TryReadUInt64(out var done, TufLimits.MaxInteger)
            || !reader.TryReadUInt64(out var total, TufLimits.MaxInteger)
            || !reader.TryReadText(out var detail, MaxDetailBytes)
            || (fields == MaxFields && !FetchedBytes.TryRead(ref reader, out fetched))
            || !reader.AtEnd)
        {
            return false;
        }

        status = new UpdateStatus
        {
            CommandId = id,
            ReportNo = number,
            State = (UpdateState)state,
            UnixMs = unixMs,
            DeadlineMs = deadline,
            Done = done,
            Total = total,
            Detail = detail,
            Fetched = fetched,
        };
        return true;
    }
}
