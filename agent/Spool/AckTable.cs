using System.Buffers;
using System.Buffers.Binary;
using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>Through which record of each stream the server has everything.</summary>
internal sealed class AckTable
{
    private const int EntryBytes = EpochId.Size + 4 + 8;
    private readonly Dictionary<StreamKey, ulong> _through = [];

    public int Count => _through.Count;

    /// <summary>False when nothing of the stream is acked.</summary>
    public bool TryGet(StreamKey key, out ulong through) => _through.TryGetValue(key, out through);

    public bool Covers(StreamKey key, ulong seq) => _through.TryGetValue(key, out var through) && seq <= through;

    /// <summary>True when that is news.</summary>
    public bool Raise(StreamKey key, ulong through)
    {
        if (_through.TryGetValue(key, out var known) && known >= through)
        {
            return false;
        }

        _through[key] = through;
        return true;
    }

    public void Forget(EpochId epoch)
    {
        foreach (var key in _through.Keys.Where(key => key.Epoch == epoch).ToArray())
        {
            _through.Remove(key);
        }
    }

    /// <summary>epochId 16 | stream u32 | through u64, little endian, for each stream.</summary>
    public byte[] Encode()
    {
        var bytes = new byte[_through.Count * EntryBytes];
        var rest = bytes.AsSpan();
        foreach (var (key, through) in _through)
        {
            key.Epoch.CopyTo(rest);
            BinaryPrimitives.WriteUInt32LittleEndian(rest[EpochId.Size..], key.Stream);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[(EpochId.Size + 4)..], through);
            rest = rest[EntryBytes..];
        }

        return bytes;
    }

    public bool TryDecode(ReadOnlySpan<byte> bytes)
    {
        var reader = new EntryReader(bytes);
        while (reader.Rest.Length >= EntryBytes)
        {
            if (!reader.TryKey(out var key) || !reader.TryUInt64(out var through))
            {
                return false;
            }

            _through[key] = through;
        }

        return reader.Rest.IsEmpty;
    }
}
