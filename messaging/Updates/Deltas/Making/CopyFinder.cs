using Messaging.Updates.Deltas.Coding;

namespace Messaging.Updates.Deltas.Making;

/// <summary>
/// Cuts a part of the new file into copies and literals. Copies need not be exact: one begins at an exact match and goes on in both directions as long as more
/// bytes are the same than not (after C. Percival, Naive Differences of Executable Code, 2003).
/// </summary>
/// <param name="view">What may be copied from.</param>
/// <param name="news">The part.</param>
internal sealed class CopyFinder(OldView view, ReadOnlyMemory<byte> news)
{
    /// <summary>By how many bytes a match must be better than going on as before: about what another step costs.</summary>
    private const int Better = 8;

    /// <summary>Matches are not looked at any further.</summary>
    private const int LongEnough = 32 * 1024;

    private readonly List<DeltaStep> _steps = [];
    private int _copyNew;
    private int _copyOld;
    private int _emitted;
    private bool _hasCopy;

    /// <summary>What the part is made of.</summary>
    /// <param name="stop">Stops the search.</param>
    public List<DeltaStep> Find(CancellationToken stop)
    {
        var span = news.Span;
        var at = 0;
        var rounds = 0;
        while (at < span.Length)
        {
            // Bytes from "at" to "counted" that are the same if it goes on as before.
            int same = 0, counted = at;
            int length = 0, place = 0;
            for (; at < span.Length; at++)
            {
                if ((++rounds & 0xFFFF) == 0)
                {
                    stop.ThrowIfCancellationRequested();
                }

                length = view.Index.Find(span.Slice(at, Math.Min(LongEnough, span.Length - at)), out place);
                for (; counted < at + length; counted++)
                {
                    same += IsSame(span, counted) ? 1 : 0;
                }

                if ((length == same && length > 0) || length > same + Better || length == LongEnough)
                {
                    break;
                }

                if (counted > at)
                {
                    same -= IsSame(span, at) ? 1 : 0;
                }
                else
                {
                    counted = at + 1;
                }
            }

            if (at < span.Length && length > same)
            {
                Begin(span, at, place);
            }

            at += length;
        }

        End(Forward(span, span.Length), span.Length);
        return _steps;
    }

    private bool IsSame(ReadOnlySpan<byte> span, int at)
    {
        var old = (long)at - _copyNew + _copyOld;
        return _hasCopy && (ulong)old < (ulong)view.Length && view.Bytes[old] == span[at];
    }

    /// <summary>A copy begins that is aligned with a match. The one before ends where both together keep most bytes the same.</summary>
    private void Begin(ReadOnlySpan<byte> span, int at, int place)
    {
        var back = Backward(span, at, place);
        var forward = Forward(span, at);
        var overlap = _copyNew + forward - (at - back);
        if (_hasCopy && overlap > 0)
        {
            var mine = Split(span, at - back, place - back, overlap);
            forward += mine - overlap;
            back -= mine;
        }

        End(forward, at - back);
        (_copyNew, _copyOld, _hasCopy) = (at - back, place - back, true);
    }

    /// <summary>Of bytes that two copies could have, how many the first one gets.</summary>
    private int Split(ReadOnlySpan<byte> span, int at, int place, int overlap)
    {
        int score = 0, best = 0, length = 0;
        for (var i = 0; i < overlap; i++)
        {
            score += IsSame(span, at + i) ? 1 : 0;
            score -= span[at + i] == view.Bytes[place + i] ? 1 : 0;
            if (score > best)
            {
                (best, length) = (score, i + 1);
            }
        }

        return length;
    }

    /// <summary>The copy before ends; what is between it and the next one are literals.</summary>
    private void End(int forward, int next)
    {
        if (_hasCopy && forward > 0)
        {
            view.AddCopies(_steps, _copyOld, forward);
            _emitted = _copyNew + forward;
        }

        if (next > _emitted)
        {
            _steps.Add(new DeltaStep(false, 0, next - _emitted));
            _emitted = next;
        }
    }

    private int Forward(ReadOnlySpan<byte> span, int limit)
    {
        int score = 0, best = 0, length = 0;
        var most = _hasCopy ? Math.Min(limit - _copyNew, view.Length - _copyOld) : 0;
        for (var i = 0; i < most;)
        {
            score += span[_copyNew + i] == view.Bytes[_copyOld + i] ? 1 : -1;
            i++;
            if (score > best)
            {
                (best, length) = (score, i);
            }
        }

        return length;
    }

    private int Backward(ReadOnlySpan<byte> span, int at, int place)
    {
        int score = 0, best = 0, length = 0;
        var most = Math.Min(at - (_hasCopy ? _copyNew : 0), place);
        for (var i = 1; i <= most; i++)
        {
            score += span[at - i] == view.Bytes[place - i] ? 1 : -1;
            if (score > best)
            {
                (best, length) = (score, i);
            }
        }

        return length;
    }
}
