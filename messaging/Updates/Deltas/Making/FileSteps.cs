using Messaging.Updates.Deltas.Coding;

namespace Messaging.Updates.Deltas.Making;

/// <summary>What a new file is made of, found segment by segment.</summary>
internal sealed class FileSteps(IOldFile old, IOldFile news, CancellationToken stop) : IDeltaSteps
{
    public const int SegmentBytes = 64 << 20;
    private readonly Queue<DeltaStep> _found = new();
    private OldView? _view;
    private long _at;

    public DeltaStep Next()
    {
        if (_found.Count == 0)
        {
            Find();
        }

        return _found.Dequeue();
    }

    private void Find()
    {
        var segment = new byte[Math.Min(SegmentBytes, news.Length - _at)];
        news.Read(_at, segment);
        _view ??= new OldView(old, old.Length == 0 ? [] : [new OldExtent(0, 0, (int)old.Length)], stop);
        foreach (var step in new CopyFinder(_view, segment).Find(null, stop))
        {
            _found.Enqueue(step);
        }

        _at += segment.Length;
    }
}
