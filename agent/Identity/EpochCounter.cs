using System.Buffers.Binary;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Identity;

/// <summary>Gives each epoch a number that was never used, even by a process that was killed.</summary>
internal sealed class EpochCounter(IDisk disk, string path)
{
    /// <summary>When the file is lost, numbers that it may have given out are jumped over.</summary>
    private const ulong Jump = 1_000_000;
    private const uint Version = 1;
    private ulong? _last;

    private static ReadOnlySpan<byte> Magic => "MSGEPOCH"u8;

    /// <summary>True when the file was there and could not be used.</summary>
    public bool WasDamaged { get; private set; }

    /// <summary>Durable when it returns.</summary>
    /// <param name="atLeast">A number known to have been used, from elsewhere.</param>
    /// <exception cref="IOException">It cannot be written: no epoch may be opened.</exception>
    public ulong Next(ulong atLeast)
    {
        var next = Math.Max(_last ?? Load(), atLeast) + 1;
        if (WasDamaged && _last is null)
        {
            next += Jump;
        }

        Span<byte> content = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(content, next);
        SealedFile.Write(disk, path, Magic, Version, content);
        _last = next;
        return next;
    }

    private ulong Load()
    {
        var state = SealedFile.TryRead(disk, path, Magic, Version, sizeof(ulong), out var content);
        WasDamaged = state is SealedFileState.Damaged or SealedFileState.OtherVersion || (state == SealedFileState.Whole && content.Length != sizeof(ulong));
        return state == SealedFileState.Whole && !WasDamaged ? BinaryPrimitives.ReadUInt64LittleEndian(content) : 0;
    }
}
