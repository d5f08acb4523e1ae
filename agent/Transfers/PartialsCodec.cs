using System.Buffers;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Transfers;

/// <summary>[* [root, path, temporary name, size, SHA-256, boot]]</summary>
internal static class PartialsCodec
{
    public const int MaxBytes = 256 * 1024;
    public const int MaxEntries = 16;
    private const int MaxNameBytes = 64;

    public static byte[] Encode(IReadOnlyList<Partial> partials)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(output);
        writer.WriteArrayHead(partials.Count, MaxEntries);
        Span<byte> boot = stackalloc byte[BootId.Size];
        foreach (var one in partials)
        {
            writer.WriteArrayHead(6);
            writer.WriteText(one.Root, FileReadArguments.MaxPathBytes);
            writer.WriteText(one.Path, FileReadArguments.MaxPathBytes);
            writer.WriteText(one.Temporary, MaxNameBytes);
            writer.WriteUInt64((ulong)one.Size);
            writer.WriteBytes(one.Sha256);
            one.Boot.CopyTo(boot);
            writer.WriteBytes(boot);
        }

        return output.WrittenSpan.ToArray();
    }

    public static bool TryDecode(ReadOnlySpan<byte> data, List<Partial> partials)
    {
        var reader = new CborReader(data);
        if (!reader.TryReadArrayHead(out var count, MaxEntries))
        {
            return false;
        }

        for (; count > 0; count--)
        {
            if (!reader.TryReadArray(6)
                || !reader.TryReadText(out var root, FileReadArguments.MaxPathBytes)
                || !reader.TryReadText(out var path, FileReadArguments.MaxPathBytes)
                || !reader.TryReadText(out var temporary, MaxNameBytes)
                || !reader.TryReadUInt64(out var size, FileReadArguments.MaxOffset)
                || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var sha256)
                || !reader.TryReadFixedBytes(BootId.Size, out var bytes)
                || !BootId.TryRead(bytes, out var boot))
            {
                return false;
            }

            partials.Add(new Partial(root, path, temporary, (long)size, sha256.ToArray(), boot));
        }

        return reader.AtEnd;
    }
}
