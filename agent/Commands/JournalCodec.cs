using System.Diagnostics.CodeAnalysis;
using System.Text;
using Messaging.Agent.Spool;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>
/// Entries of the journal (format of entries: <see cref="EntryFormat"/>). Whole: bootId 16 | state | the command as it came. Step: cmdId 16 | state.
/// Floors, of commands of one and of several signatures: issuerId 16 | issuerSeq u64. State: state u8 | reportNo u32 | unixMs u64 (0 unknown) | has exit code u8 | exit code u32 | flags u8 (1 waits for its window, 2 recorded) | message u32 + UTF-8 | SHA-256 of what was recorded.
/// </summary>
internal static class JournalCodec
{
    public const byte Whole = 1;
    public const byte Step = 2;
    public const byte Floor = 3;
    public const byte JointFloor = 4;
    private const byte WaitsFlag = 1;
    private const byte RecordedFlag = 2;
    private const int HashBytes = 32;
    private const int MaxMessageBytes = CommandReport.MaxMessageBytes;

    public static void WriteWhole(EntryWriter writer, JournaledCommand command)
    {
        Span<byte> id = stackalloc byte[BootId.Size];
        command.BootId.CopyTo(id);
        writer.Begin(Whole);
        writer.Raw(id);
        WriteState(writer, command);
        writer.Raw(command.Delivery.Bytes.Span);
    }

    public static void WriteStep(EntryWriter writer, JournaledCommand command)
    {
        Span<byte> id = stackalloc byte[CommandId.Size];
        command.Id.CopyTo(id);
        writer.Begin(Step);
        writer.Raw(id);
        WriteState(writer, command);
    }

    public static void WriteFloor(EntryWriter writer, byte kind, PrincipalId issuer, ulong floor)
    {
        Span<byte> id = stackalloc byte[PrincipalId.Size];
        issuer.CopyTo(id);
        writer.Begin(kind);
        writer.Raw(id);
        writer.UInt64(floor);
    }

    public static bool TryReadWhole(ReadOnlySpan<byte> body, [NotNullWhen(true)] out JournaledCommand? command)
    {
        command = null;
        if (body.Length < BootId.Size || !BootId.TryRead(body[..BootId.Size], out var bootId))
        {
            return false;
        }

        var reader = new EntryReader(body[BootId.Size..]);
        if (!TryReadState(ref reader, out var state) || !CommandDelivery.TryParse(reader.Rest, out var delivery))
        {
            return false;
        }

        command = new JournaledCommand(delivery, bootId, state.State, state.ReportNo, state.AtUnixMs, state.ExitCode, state.Message, state.Waits, state.Recording);
        return true;
    }

    public static bool TryReadStep(ReadOnlySpan<byte> body, IReadOnlyDictionary<CommandId, JournaledCommand> known, [NotNullWhen(true)] out JournaledCommand? command)
    {
        command = null;
        if (body.Length < CommandId.Size || !CommandId.TryRead(body[..CommandId.Size], out var id) || !known.TryGetValue(id, out var before))
        {
            return false;
        }

        var reader = new EntryReader(body[CommandId.Size..]);
        if (!TryReadState(ref reader, out var state))
        {
            return false;
        }

        command = before with { State = state.State, ReportNo = state.ReportNo, AtUnixMs = state.AtUnixMs, ExitCode = state.ExitCode, Message = state.Message, Waits = state.Waits, Recording = state.Recording };
        return true;
    }

    public static bool TryReadFloor(ReadOnlySpan<byte> body, out PrincipalId issuer, out ulong floor)
    {
        issuer = default;
        floor = 0;
        return body.Length == PrincipalId.Size + sizeof(ulong)
            && PrincipalId.TryRead(body[..PrincipalId.Size], out issuer)
            && new EntryReader(body[PrincipalId.Size..]).TryUInt64(out floor);
    }

    private static void WriteState(EntryWriter writer, JournaledCommand command)
    {
        writer.Byte((byte)command.State);
        writer.UInt32(command.ReportNo);
        writer.UInt64((ulong)(command.AtUnixMs ?? 0));
        writer.Byte(command.ExitCode is null ? (byte)0 : (byte)1);
        writer.UInt32((uint)(command.ExitCode ?? 0));
        writer.Byte((byte)((command.Waits ? WaitsFlag : 0) | (command.Recording is null ? 0 : RecordedFlag)));
        writer.Sized(Encoding.UTF8.GetBytes(command.Message));
        writer.Raw(command.Recording);
    }

    private static bool TryReadState(ref EntryReader reader, out (CommandState State, uint ReportNo, long? AtUnixMs, int? ExitCode, string Message, bool Waits, byte[]? Recording) value)
    {
        value = default;
        if (!reader.TryByte(out var state)
            || state > (byte)CommandState.Cancelled
            || !reader.TryUInt32(out var reportNo)
            || !reader.TryUInt64(out var unixMs)
            || unixMs > (ulong)DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            || !reader.TryByte(out var hasExitCode)
            || !reader.TryUInt32(out var exitCode)
            || !reader.TryByte(out var flags)
            || flags > (WaitsFlag | RecordedFlag)
            || !reader.TrySized(out var message)
            || message.Length > MaxMessageBytes)
        {
            return false;
        }

        byte[]? recording = null;
        if ((flags & RecordedFlag) != 0 && !reader.TryRaw(HashBytes, out recording))
        {
            return false;
        }

        value = ((CommandState)state, reportNo, unixMs == 0 ? null : (long)unixMs, hasExitCode == 0 ? null : (int)exitCode, Encoding.UTF8.GetString(message), (flags & WaitsFlag) != 0, recording);
        return true;
    }
}
