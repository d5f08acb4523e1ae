using Messaging.Agent.Disk;
using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Agent.Twin;

/// <summary>
/// The desired state of this device (state/twin: the command's id, then its arguments) and what was told of it (state/twin.told), each replaced as
/// a whole. What the caller was told is durable. Thread-safe.
/// </summary>
internal sealed class TwinStore
{
    private const int MaxToldBytes = 512 * 1024;
    private const uint Version = 1;
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly string _toldPath;
    private TwinDocument? _document;

    /// <exception cref="IOException">The medium failed.</exception>
    public TwinStore(IDisk disk, string path, string toldPath)
    {
        _disk = disk;
        _path = path;
        _toldPath = toldPath;
        _document = Read(disk, path, out var isDamaged);
        var told = SealedFile.TryRead(disk, toldPath, "MSGTWINT"u8, Version, MaxToldBytes, out var content);
        Told = (told == SealedFileState.Whole ? TwinTold.TryDecode(content) : null) ?? TwinTold.None;
        WasLost = isDamaged || (told != SealedFileState.Missing && Told == TwinTold.None);
    }

    /// <summary>A file was there and is damaged: what it had is lost.</summary>
    public bool WasLost { get; }

    /// <summary>Null when none was ever set.</summary>
    public TwinDocument? Document
    {
        get
        {
            lock (_gate)
            {
                return _document;
            }
        }
    }

    /// <summary>What was told last, and how far each property was then.</summary>
    public TwinTold Told { get; private set; }

    /// <summary>Durable when it returns true. False: one that is not below it is there.</summary>
    /// <exception cref="IOException">The old one is still in place.</exception>
    public bool TryKeep(TwinDocument document)
    {
        lock (_gate)
        {
            if (_document is { } known && document.State.Version <= known.State.Version)
            {
                // Told twice, kept once.
                return known.CommandId == document.CommandId;
            }

            SealedFile.Write(_disk, _path, "MSGTWIN1"u8, Version, [.. document.CommandId.ToArray(), .. document.State.Encode()]);
            _document = document;
            return true;
        }
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">The old one is still in place.</exception>
    public void Keep(TwinTold told)
    {
        SealedFile.Write(_disk, _toldPath, "MSGTWINT"u8, Version, told.Encode());
        Told = told;
    }

    /// <summary>For who does not run: what the file has, or null.</summary>
    /// <exception cref="IOException">The medium failed.</exception>
    public static TwinDocument? Read(IDisk disk, string path, out bool isDamaged)
    {
        const int IdBytes = 16;
        var found = SealedFile.TryRead(disk, path, "MSGTWIN1"u8, Version, IdBytes + Messaging.Commands.Command.MaxArgumentBytes, out var content);
        isDamaged = found != SealedFileState.Missing;
        if (found != SealedFileState.Whole || content.Length < IdBytes || !CommandId.TryRead(content.AsSpan(0, IdBytes), out var id)
            || !DesiredState.TryDecode(content.AsSpan(IdBytes), out var state))
        {
            return null;
        }

        isDamaged = false;
        return new TwinDocument(id, state);
    }
}
