using Messaging.Agent.Spool;
using Messaging.Files;

namespace Messaging.Agent.Files;

/// <summary>A file on its way, from the queue to the server's word that it has it.</summary>
/// <param name="id">Its name.</param>
/// <param name="about">What was said of it.</param>
/// <param name="queue">Where it waits.</param>
internal sealed class Transfer(TransferId id, FileManifest? about, FileQueue queue)
{
    /// <summary>How often the server is asked again; doubles each time.</summary>
    private static readonly TimeSpan AskFirst = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskMaximum = TimeSpan.FromMinutes(10);
    private readonly Queue<int> _missing = new();
    private TimeSpan _askAfter = AskFirst;

    public TransferId Id { get; } = id;

    /// <summary>What the program said of it; null when only the server can tell what became of the file, which is gone.</summary>
    public FileManifest? About { get; } = about;

    public FileQueue Queue { get; } = queue;

    /// <summary>Null until it was hashed and its manifest sealed.</summary>
    public FileProgress? Progress { get; set; }

    /// <summary>The last record of it that this process sealed.</summary>
    public SpoolRecord? Last { get; set; }

    /// <summary>Timestamp of the last word from either side.</summary>
    public long ToldAt { get; set; }

    /// <summary>How often it changed while it was hashed, and when it may be tried again.</summary>
    public int Changes { get; set; }

    public long RetryAt { get; set; }

    /// <summary>Why the rest will not come; the server is to be told.</summary>
    public string? EndReason { get; set; }

    /// <summary>Nothing of it is left to do.</summary>
    public bool IsOver { get; set; }

    public string Name => About?.Name ?? Id.ToString();

    /// <summary>With the hash of what was read; null before.</summary>
    public FileManifest? Manifest => Progress is { } progress && About is { } about
        ? about with { Size = progress.Mark.Size, ChunkSize = progress.ChunkSize, Sha256 = progress.Sha256 }
        : null;

    public bool IsSealed => EndReason is null && Manifest is { } manifest && Progress!.Value.Next >= manifest.ChunkCount && _missing.Count == 0;

    /// <summary>A chunk that the server lacks goes before those that were never sealed.</summary>
    public int NextChunk => _missing.TryPeek(out var missing) ? missing : Progress!.Value.Next;

    public bool IsNextMissing => _missing.Count > 0;

    public void Sent()
    {
        if (!_missing.TryDequeue(out _))
        {
            Progress = Progress!.Value with { Next = Progress.Value.Next + 1 };
        }
    }

    /// <summary>The server lacks these chunks, which were sealed and lost.</summary>
    public void Resend(IReadOnlyList<(int From, int To)> ranges, int most)
    {
        _missing.Clear();
        foreach (var (from, to) in ranges)
        {
            for (var index = from; index <= to && index < Progress!.Value.Next && _missing.Count < most; index++)
            {
                _missing.Enqueue(index);
            }
        }
    }

    /// <summary>Whether the server is to be asked now what it has.</summary>
    public bool IsDue(TimeSpan silence) => silence >= _askAfter;

    public void Asked() => _askAfter = _askAfter * 2 < AskMaximum ? _askAfter * 2 : AskMaximum;

    /// <summary>The server knows nothing of it.</summary>
    public void Restart()
    {
        _missing.Clear();
        Progress = null;
        Last = null;
    }
}
