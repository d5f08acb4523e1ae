using System.Buffers.Binary;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Uplink;

/// <summary>
/// The samples that wait for the next record, so that a killed agent loses none: in two files in turn, of which a kill can damage only
/// the one that was being written. Not synced: a power cut may cost them. Used by one thread at a time.
/// </summary>
/// <param name="disk">The medium.</param>
/// <param name="prefix">Beginning of the files' names.</param>
internal sealed class UnsealedSamples(IDisk disk, string prefix)
{
    private const uint Version = 2;
    private const int HeaderBytes = 2 * sizeof(ulong);
    private const int MaxBytes = 8 * 1024 * 1024;
    private int _next;
    private ulong _saves;

    private static ReadOnlySpan<byte> Magic => "MSGSAMPL"u8;

    /// <param name="number">Of the record that the first batch will become; the others follow.</param>
    /// <param name="batches">Encoded.</param>
    /// <exception cref="IOException">What was saved before is still there.</exception>
    public void Save(ulong number, IReadOnlyList<byte[]> batches)
    {
        var content = new byte[HeaderBytes + batches.Sum(batch => sizeof(uint) + batch.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(content, number);
        BinaryPrimitives.WriteUInt64LittleEndian(content.AsSpan(sizeof(ulong)), ++_saves);
        var rest = content.AsSpan(HeaderBytes);
        foreach (var batch in batches)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, (uint)batch.Length);
            batch.CopyTo(rest[sizeof(uint)..]);
            rest = rest[(sizeof(uint) + batch.Length)..];
        }

        SealedFile.WriteInPlace(disk, Path(_next), Magic, Version, content);
        _next ^= 1;
    }

    /// <summary>The newest batches of the highest number; null when there are none.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public (ulong Number, IReadOnlyList<byte[]> Batches)? Load()
    {
        (ulong Number, IReadOnlyList<byte[]> Batches)? newest = null;
        for (var i = 0; i < 2; i++)
        {
            if (SealedFile.TryRead(disk, Path(i), Magic, Version, MaxBytes, out var content) != SealedFileState.Whole
                || content.Length <= HeaderBytes || Split(content.AsSpan(HeaderBytes)) is not { } batches)
            {
                continue;
            }

            var number = BinaryPrimitives.ReadUInt64LittleEndian(content);
            var saves = BinaryPrimitives.ReadUInt64LittleEndian(content.AsSpan(sizeof(ulong)));
            if (newest is null || (number, saves).CompareTo((newest.Value.Number, _saves)) > 0)
            {
                newest = (number, batches);
                _saves = saves;
                _next = i ^ 1;
            }
        }

        return newest;
    }

    private static List<byte[]>? Split(ReadOnlySpan<byte> rest)
    {
        var batches = new List<byte[]>();
        while (!rest.IsEmpty)
        {
            if (rest.Length < sizeof(uint) || BinaryPrimitives.ReadUInt32LittleEndian(rest) is var length && length > rest.Length - sizeof(uint))
            {
                return null;
            }

            batches.Add(rest.Slice(sizeof(uint), (int)length).ToArray());
            rest = rest[(sizeof(uint) + (int)length)..];
        }

        return batches;
    }

    private string Path(int index) => prefix + (index == 0 ? "0" : "1");
}
