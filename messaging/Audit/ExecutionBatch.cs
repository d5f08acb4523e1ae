using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Audit;

/// <summary>
/// A part of a device's record of what it did with commands, and what it has seen of the server's log: a COSE_Sign1 by the device, external_aad
/// "messaging/1/executions", over [1, deviceId, chainId, first, previous, [execution...], [witnessed...], unixMs | null].
/// </summary>
public sealed class ExecutionBatch
{
    /// <summary>The most entries of a batch.</summary>
    public const int MaxEntries = 256;

    /// <summary>The newest of the log, what the batch before said of the same log, and the newest of the log before.</summary>
    public const int MaxWitnessed = 3;

    private byte[]? _bytes;

    /// <summary>The device. Not to be believed before <see cref="IsSignedBy"/>.</summary>
    public required PrincipalId Device { get; init; }

    /// <summary>The record.</summary>
    public required ChainId Chain { get; init; }

    /// <summary>The number of the first entry; of the next one where there is none.</summary>
    public required long First { get; init; }

    /// <summary>The hash of the entry before it; 32 zero bytes before the first.</summary>
    public required byte[] Previous { get; init; }

    /// <summary>In order.</summary>
    public required IReadOnlyList<Execution> Entries { get; init; }

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<Witnessed> Witnessed { get; init; }

    /// <summary>When it was signed, in Unix milliseconds, by the device's clock if it believes it.</summary>
    public long? UnixMs { get; init; }

    /// <summary>The number of the last entry; the one before <see cref="First"/> where there is none.</summary>
    public long Last => First + Entries.Count - 1;

    /// <summary>The COSE_Sign1 as it was received.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    private static ReadOnlySpan<byte> Label => "messaging/1/executions"u8;

    /// <summary>The hash of each entry, in order.</summary>
    public byte[][] Hashes()
    {
        var hashes = new byte[Entries.Count][];
        var previous = Previous;
        for (var i = 0; i < hashes.Length; i++)
        {
            previous = hashes[i] = Entries[i].Hash(Chain, First + i, previous);
        }

        return hashes;
    }

    /// <summary>Signs a batch.</summary>
    /// <param name="key">The device's identity key.</param>
    public byte[] Sign(IdentityKey key) => _bytes = CoseSign1Writer.Sign(key, Label, Payload());

    internal byte[] Payload()
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        var writer = new CborWriter(buffer);
        writer.WriteArrayHead(8);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(Device);
        Chain.Write(ref writer);
        writer.WriteUInt64((ulong)First);
        writer.WriteBytes(Previous);
        writer.WriteArrayHead(Entries.Count, MaxEntries);
        for (var i = 0; i < Entries.Count; i++)
        {
            Entries[i].Write(ref writer);
        }

        writer.WriteArrayHead(Witnessed.Count, MaxWitnessed);
        for (var i = 0; i < Witnessed.Count; i++)
        {
            Witnessed[i].Write(ref writer);
        }

        UnixTime.WriteOrNull(ref writer, UnixMs);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads a batch. Its signature is checked by <see cref="IsSignedBy"/>, once the device's key is known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ExecutionBatch? batch)
    {
        batch = null;
        if (!CoseSign1Reader.TryRead(data, out var message))
        {
            return false;
        }

        var reader = new CborReader(message.Payload);
        if (!reader.TryReadArray(8)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var device)
            || !ChainId.TryRead(ref reader, out var chain)
            || !reader.TryReadUInt64(out var first, long.MaxValue - MaxEntries)
            || first == 0
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var previous)
            || !reader.TryReadArrayHead(out var count, MaxEntries))
        {
            return false;
        }

        var entries = new Execution[count];
        for (var i = 0; i < count; i++)
        {
            if (!Execution.TryRead(ref reader, out var execution))
            {
                return false;
            }

            entries[i] = execution!;
        }

        if (!reader.TryReadArrayHead(out count, MaxWitnessed))
        {
            return false;
        }

        var witnessed = new Witnessed[count];
        for (var i = 0; i < count; i++)
        {
            if (!Audit.Witnessed.TryRead(ref reader, out var one))
            {
                return false;
            }

            witnessed[i] = one!;
        }

        if (!UnixTime.TryReadOrNull(ref reader, out var unixMs) || !reader.AtEnd)
        {
            return false;
        }

        batch = new ExecutionBatch
        {
            Device = device,
            Chain = chain,
            First = (long)first,
            Previous = previous.ToArray(),
            Entries = entries,
            Witnessed = witnessed,
            UnixMs = unixMs,
            _bytes = data.ToArray(),
        };
        return true;
    }

    /// <summary>True if the key signed exactly these bytes as a batch.</summary>
    public bool IsSignedBy(IdentityPublicKey device) => CoseSign1Reader.TryRead(Bytes.Span, out var message) && message.Verify(device, Label);
}
