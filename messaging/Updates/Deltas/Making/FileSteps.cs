using Messaging.Updates.Deltas.Coding;

namespace Messaging.Updates.Deltas.Making;

/// <summary>
/// What a new file is made of, found segment by segment. What is the same at the same place is copied without a search. For the rest, all of a small old file is
/// searched at once, and of a large one the pages that are likest to the segment.
/// </summary>
/// <param name="old">The old file.</param>
/// <param name="news">The new one.</param>
/// <param name="sizes">How much is held in memory.</param>
/// <param name="stop">Stops the search.</param>
internal sealed class FileSteps(IOldFile old, IOldFile news, SearchSizes sizes, CancellationToken stop) : IDeltaSteps
{
    private readonly Queue<DeltaStep> _found = new();
    private readonly byte[] _oldPiece = new byte[sizes.PieceBytes];
    private byte[] _segment = new byte[sizes.PieceBytes];
    private OldView? _view;
    private OldSamples? _samples;
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
        var from = _at;
        int piece;
        while ((piece = Piece(0)) > 0 && IsSame(0, piece))
        {
            _at += piece;
        }

        if (_at > from)
        {
            _found.Enqueue(new DeltaStep(true, from, _at - from));
        }

        var length = 0;
        var start = _at;
        while (length < sizes.SegmentBytes && (piece = Piece(length)) > 0 && !IsSame(length, piece))
        {
            length += piece;
            _at += piece;
        }

        if (length > 0)
        {
            var segment = _segment.AsMemory(0, length);
            foreach (var step in new CopyFinder(View(segment, start), segment).Find(stop))
            {
                _found.Enqueue(step);
            }
        }
    }

    /// <summary>Reads the next piece of the new file, behind what the segment has by now.</summary>
    private int Piece(int length)
    {
        stop.ThrowIfCancellationRequested();
        var piece = (int)Math.Min(sizes.PieceBytes, news.Length - _at);
        if (_segment.Length < length + piece)
        {
            Array.Resize(ref _segment, Math.Min(sizes.SegmentBytes + sizes.PieceBytes, 2 * (length + piece)));
        }

        news.Read(_at, _segment.AsSpan(length, piece));
        return piece;
    }

    private bool IsSame(int length, int piece)
    {
        if (_at > old.Length - piece)
        {
            return false;
        }

        var olds = _oldPiece.AsSpan(0, piece);
        old.Read(_at, olds);
        return olds.SequenceEqual(_segment.AsSpan(length, piece));
    }

    private OldView View(ReadOnlyMemory<byte> segment, long at)
    {
        if (old.Length <= sizes.ViewBytes)
        {
            return _view ??= new OldView(old, old.Length == 0 ? [] : [new OldExtent(0, 0, (int)old.Length)], stop);
        }

        _samples ??= new OldSamples(old, stop);
        return new OldView(old, _samples.Choose(segment, at, sizes.ViewBytes / OldSamples.PageBytes), stop);
    }
}
