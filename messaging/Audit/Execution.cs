using System.Buffers;
using System.Security.Cryptography;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>What a device did with a command: an entry of its record.</summary>
public sealed class Execution
{
    /// <summary>The most bytes of a type.</summary>
    public const int MaxTypeBytes = 64;

    /// <summary>The command.</summary>
    public required CommandId CommandId { get; init; }

    /// <summary>What it said: <see cref="DigestOf(CommandContent)"/>.</summary>
    public required byte[] Digest { get; init; }

    /// <summary>Who had signed it.</summary>
    public required PrincipalId Issuer { get; init; }

    /// <summary>Its type.</summary>
    public required string Type { get; init; }

    /// <summary>What became of it.</summary>
    public required CommandState State { get; init; }

    /// <summary>When, in Unix milliseconds, by the device's clock if it believes it.</summary>
    public long? UnixMs { get; init; }

    /// <summary>SHA-256 of what was recorded of it; null where nothing was.</summary>
    public byte[]? Recording { get; init; }

    /// <summary>
    /// SHA-256 of ["messaging/1/command-digest", cmdId, issuer, type, args]: what a command has done, however often it is signed anew.
    /// </summary>
    public static byte[] DigestOf(CommandContent content)
    {
        ArgumentNullException.ThrowIfNull(content);
        return DigestOf(content.Id, content.IssuerId, content.Type, content.Arguments.Span);
    }

    /// <inheritdoc cref="DigestOf(CommandContent)"/>
    public static byte[] DigestOf(CommandId id, PrincipalId issuer, string type, ReadOnlySpan<byte> arguments)
    {
        var buffer = new ArrayBufferWriter<byte>(arguments.Length + 256);
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(5);
        writer.WriteUtf8("messaging/1/command-digest"u8);
        writer.WriteCommandId(id);
        writer.WritePrincipalId(issuer);
        writer.WriteText(type);
        writer.WriteBytes(arguments);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    /// <summary>The hash of this entry in its chain: SHA-256 of ["messaging/1/execution", chainId, number, previous, execution].</summary>
    /// <param name="chain">The record.</param>
    /// <param name="number">1 for the first of a record.</param>
    /// <param name="previous">The hash of the entry before; 32 zero bytes for the first.</param>
    public byte[] Hash(ChainId chain, long number, ReadOnlySpan<byte> previous)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(5);
        writer.WriteUtf8("messaging/1/execution"u8);
        chain.Write(ref writer);
        writer.WriteUInt64((ulong)number);
        writer.WriteBytes(previous);
        Write(ref writer);
        return SHA256.HashData(buffer.WrittenSpan);
    }

    internal static bool TryRead(ref CborReader reader, out Execution? execution)
    {
        execution = null;
        if (!reader.TryReadArrayHead(out var fields, 7)
            || fields < 6
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var digest)
            || !reader.TryReadPrincipalId(out var issuer)
            || !reader.TryReadText(out var type, MaxTypeBytes)
            || !reader.TryReadInt32(out var state, (int)CommandState.Cancelled)
            || !UnixTime.TryReadOrNull(ref reader, out var unixMs))
        {
            return false;
        }

        ReadOnlySpan<byte> recording = default;
        if (fields == 7 && !reader.TryReadFixedBytes(WireLimits.HashBytes, out recording))
        {
            return false;
        }

        execution = new Execution
        {
            CommandId = id,
            Digest = digest.ToArray(),
            Issuer = issuer,
            Type = type,
            State = (CommandState)state,
            UnixMs = unixMs,
            Recording = fields == 7 ? recording.ToArray() : null,
        };
        return true;
    }

    internal void Write(ref CborWriter writer)
    {
        writer.WriteArrayHead(Recording is null ? 6 : 7);
        writer.WriteCommandId(CommandId);
        writer.WriteBytes(Digest);
        writer.WritePrincipalId(Issuer);
        writer.WriteText(Type, MaxTypeBytes);
        writer.WriteUInt64((ulong)State);
        UnixTime.WriteOrNull(ref writer, UnixMs);
        if (Recording is not null)
        {
            writer.WriteBytes(Recording);
        }
    }
}
