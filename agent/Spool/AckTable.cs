using System.Buffers;
using System.Buffers.Binary;
using Messaging.Wire;

namespace Messaging.Agent.Spool;

/// <summary>Through which record of each stream the server has everything.</summary>
internal sealed class AckTable
{
    private const int PositionBytes = PrincipalId.Size + 8 + 8;
    private const int EntryBytes = EpochId.Size + 4 + 8;
    private readonly Dictionary<StreamKey, ulong> _through = [];
    private AckPosition _newest;

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

    /// <summary>The server has less than it had confirmed.</summary>
    public void Lower(StreamKey key, ulong through) => _through[key] = through;

    /// <summary>False for an acknowledgement that came later than one which was said after it.</summary>
    public bool TryAdvance(AckPosition position)
    {
        if (!position.IsAfter(_newest))
        {
            return false;
        }

        _newest = position;
        return true;
    }

    public void Forget(EpochId epoch)
    {
        foreach (var key in _through.Keys)
        {
            if (key.Epoch == epoch)
            {
                _through.Remove(key);
            }
        }
    }

    /// <summary>
    /// Position of the newest acknowledgement: server 16 | epochNo u64 | seq u64; then epochId 16 | stream u32 | through u64 for each stream; little endian.
    /// </summary>
    public byte[] Encode()
    {
        var bytes = new byte[PositionBytes + (_through.Count * EntryBytes)];
        _newest.Server.CopyTo(bytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(PrincipalId.Size), _newest.EpochNo);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(PrincipalId.Size + 8), _newest.Seq);
        var rest = bytes.AsSpan(PositionBytes);
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
        if (bytes.Length < PositionBytes || !PrincipalId.TryRead(bytes[..PrincipalId.Size], out var server))
        {
            return false;
        }

        var reader = new EntryReader(bytes[PrincipalId.Size..]);
        if (!reader.TryUInt64(out var epochNo) || !reader.TryUInt64(out var newestSeq))
        {
            return false;
        }

        _newest = new AckPosition(server, epochNo, newestSeq);
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
