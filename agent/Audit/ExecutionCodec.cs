using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Agent.Spool;
using Messaging.Audit;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Audit;

/// <summary>
/// Entries of the record (format of entries: <see cref="EntryFormat"/>). Base, the first: chainId 16 | number u64 | hash 32 | signed through u64.
/// Executed: cmdId 16 | digest 32 | issuer 16 | state u8 | unixMs u64 (0 unknown) | type u32 + UTF-8 | SHA-256 of what was recorded, or nothing. Signed: through u64.
/// </summary>
internal static class ExecutionCodec
{
    public const byte Base = 1;
    public const byte Executed = 2;
    public const byte Signed = 3;
    private const int HashBytes = 32;

    public static void WriteBase(EntryWriter writer, ChainId id, ChainHead head, long signed)
    {
        writer.Begin(Base);
        writer.Raw(id.ToArray());
        writer.UInt64((ulong)head.Number);
        writer.Raw(head.Hash);
        writer.UInt64((ulong)signed);
    }

    public static void Write(EntryWriter writer, Execution entry)
    {
        Span<byte> id = stackalloc byte[CommandId.Size];
        entry.CommandId.CopyTo(id);
        writer.Begin(Executed);
        writer.Raw(id);
        writer.Raw(entry.Digest);
        entry.Issuer.CopyTo(id);
        writer.Raw(id);
        writer.Byte((byte)entry.State);
        writer.UInt64((ulong)(entry.UnixMs ?? 0));
        writer.Sized(Encoding.UTF8.GetBytes(entry.Type));
        writer.Raw(entry.Recording);
    }

    public static void WriteSigned(EntryWriter writer, long through)
    {
        writer.Begin(Signed);
        writer.UInt64((ulong)through);
    }

    public static bool TryReadBase(ReadOnlySpan<byte> body, out ChainId id, [NotNullWhen(true)] out ChainHead? head, out long signed)
    {
        id = default;
        head = null;
        signed = 0;
        if (body.Length != ChainId.Size + sizeof(ulong) + HashBytes + sizeof(ulong)
            || !ChainId.TryRead(body[..ChainId.Size], out id)
            || !TryNumber(body[ChainId.Size..], out var number)
            || !TryNumber(body[^sizeof(ulong)..], out signed))
        {
            return false;
        }

        head = new ChainHead(number, body.Slice(ChainId.Size + sizeof(ulong), HashBytes).ToArray());
        return signed >= number;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out Execution? entry)
    {
        const int Fixed = CommandId.Size + HashBytes + PrincipalId.Size;
        entry = null;
        if (body.Length < Fixed
            || !CommandId.TryRead(body[..CommandId.Size], out var id)
            || !PrincipalId.TryRead(body.Slice(CommandId.Size + HashBytes, PrincipalId.Size), out var issuer))
        {
            return false;
        }

        var reader = new EntryReader(body[Fixed..]);
        if (!reader.TryByte(out var state)
            || state > (byte)CommandState.Cancelled
            || !reader.TryUInt64(out var unixMs)
            || unixMs > (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || !reader.TrySized(out var type)
            || type.Length > Execution.MaxTypeBytes
            || reader.Rest.Length is not (0 or HashBytes))
        {
            return false;
        }

        entry = new Execution
        {
            CommandId = id,
            Digest = body.Slice(CommandId.Size, HashBytes).ToArray(),
            Issuer = issuer,
            Type = Encoding.UTF8.GetString(type),
            State = (CommandState)state,
            UnixMs = unixMs == 0 ? null : (long)unixMs,
            Recording = reader.Rest.IsEmpty ? null : reader.Rest.ToArray(),
        };
        return true;
    }

    public static bool TryReadSigned(ReadOnlySpan<byte> body, out long through)
    {
        through = 0;
        return body.Length == sizeof(ulong) && TryNumber(body, out through);
    }

    private static bool TryNumber(ReadOnlySpan<byte> bytes, out long number)
    {
        var ok = new EntryReader(bytes).TryUInt64(out var value) && value <= long.MaxValue;
        number = ok ? (long)value : 0;
        return ok;
    }
}
