using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Updates;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Agent.Updates.State;

/// <summary>
/// The file's content: [id, arguments, state, reportNo, spentMs, delayMs, takenUnixMs | null, custom, before, withoutDelta, starts, reason, detail, fetching, lentFrom, lentTo, fromNeighbours, fromMirrors, fromHomes, ...]; the last two, or five, are missing
/// in what an earlier version has written.
/// </summary>
internal static class UpdateRecordCodec
{
    /// <summary>The most bytes of what a repository says of a target.</summary>
    public const int MaxCustomBytes = 64 * 1024;

    private const int Fields = 19;
    private const int LentFields = 16;
    private const int LeastFields = 14;
    private const int MaxFields = 64;
    private const int MaxText = 1024;

    public static byte[] Encode(UpdateRecord record)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var writer = new CborWriter(output);
        writer.WriteArrayHead(Fields);
        writer.WriteCommandId(record.Id);
        writer.WriteBytes(record.Assignment.Encode());
        writer.WriteUInt64((ulong)record.State);
        writer.WriteUInt64(record.ReportNo);
        writer.WriteUInt64((ulong)record.SpentMs);
        writer.WriteUInt64((ulong)record.DelayMs);
        writer.WriteUInt64OrNull((ulong?)record.TakenUnixMs);
        writer.WriteBytes(record.Custom.Span);
        writer.WriteText(record.Before, MaxText);
        writer.WriteBoolean(record.WithoutDelta);
        writer.WriteUInt64((ulong)record.Starts);
        writer.WriteText(record.Reason, MaxText);
        writer.WriteText(record.Detail, MaxText);
        writer.WriteText(record.Fetching, MaxText);
        writer.WriteUInt64((ulong)record.Lent.From);
        writer.WriteUInt64((ulong)record.Lent.To);
        writer.WriteUInt64((ulong)record.Fetched.Neighbours);
        writer.WriteUInt64((ulong)record.Fetched.Mirrors);
        writer.WriteUInt64((ulong)record.Fetched.Homes);
        return output.WrittenSpan.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out UpdateRecord? record)
    {
        record = null;
        ulong taken = 0;
        var isTaken = false;
        var reader = new CborReader(data);
        if (!reader.TryReadArrayHead(out var count, MaxFields)
            || count < LeastFields
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadBytes(out var assignment)
            || !UpdateArguments.TryDecode(assignment, out var arguments)
            || !reader.TryReadInt32(out var state, (int)UpdateState.Failed)
            || !reader.TryReadUInt64(out var reportNo, long.MaxValue)
            || !reader.TryReadUInt64(out var spent, long.MaxValue)
            || !reader.TryReadUInt64(out var delay, long.MaxValue)
            || (!reader.TryReadNull() && !(isTaken = reader.TryReadUInt64(out taken, long.MaxValue)))
            || !reader.TryReadBytes(out var custom, MaxCustomBytes)
            || !reader.TryReadText(out var before, MaxText)
            || !reader.TryReadBoolean(out var withoutDelta)
            || !reader.TryReadInt32(out var starts)
            || !reader.TryReadText(out var reason, MaxText)
            || !reader.TryReadText(out var detail, MaxText)
            || !reader.TryReadText(out var fetching, MaxText))
        {
            return false;
        }

        ulong lentFrom = 0;
        ulong lentTo = 0;
        if (count >= LentFields && (!reader.TryReadUInt64(out lentFrom, long.MaxValue) || !reader.TryReadUInt64(out lentTo, long.MaxValue)))
        {
            return false;
        }

        ulong neighbours = 0;
        ulong mirrors = 0;
        ulong homes = 0;
        if (count >= Fields && (!reader.TryReadUInt64(out neighbours, TufLimits.MaxInteger) || !reader.TryReadUInt64(out mirrors, TufLimits.MaxInteger) || !reader.TryReadUInt64(out homes, TufLimits.MaxInteger)))
        {
            return false;
        }

        for (var i = count < LentFields ? LeastFields : count < Fields ? LentFields : Fields; i < count; i++)
        {
            if (!reader.TryReadEncoded(out _))
            {
                return false;
            }
        }

        if (!reader.AtEnd)
        {
            return false;
        }

        record = new UpdateRecord
        {
            Id = id,
            Assignment = arguments,
            State = (UpdateState)state,
            ReportNo = reportNo,
            SpentMs = (long)spent,
            DelayMs = (long)delay,
            TakenUnixMs = isTaken ? (long)taken : null,
            Custom = custom.ToArray(),
            Before = before,
            WithoutDelta = withoutDelta,
            Starts = starts,
            Reason = reason,
            Detail = detail,
            Fetching = fetching,
            Fetched = new FetchedBytes((long)neighbours, (long)mirrors, (long)homes),
        };
        record.Lent.Lend((long)lentFrom, (long)lentTo);
        return true;
    }
}
