using System.Runtime.InteropServices;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Output;

/// <summary>
/// What was written and not sent yet, in the order in which it came. Where standard output and standard error take turns all the time, what came a moment
/// later is put behind the last of its kind, so that a record holds more than a word.
/// </summary>
internal sealed class OutputBuffer
{
    /// <summary>Runs of one source after the other, before their order counts less than their number.</summary>
    private const int MaxRuns = 8;
    private readonly List<byte> _bytes = [];

    /// <summary>Lengths of runs of bytes; those of standard error are negative.</summary>
    private readonly List<int> _runs = [];

    public int Count => _bytes.Count;

    public void Add(OutputSource source, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var sign = source == OutputSource.Error ? -1 : 1;
        if (_runs.Count > 0 && Math.Sign(_runs[^1]) == sign)
        {
            _bytes.AddRange(bytes);
            _runs[^1] += sign * bytes.Length;
        }
        else if (_runs.Count < MaxRuns)
        {
            _bytes.AddRange(bytes);
            _runs.Add(sign * bytes.Length);
        }
        else
        {
            // The last run is of the other source, so the one before it is of this one.
            _bytes.InsertRange(_bytes.Count - Math.Abs(_runs[^1]), bytes);
            _runs[^2] += sign * bytes.Length;
        }
    }

    /// <summary>The first bytes of one source, at most so many; they stay until <see cref="Remove"/>.</summary>
    public ReadOnlySpan<byte> Peek(int limit, out OutputSource source)
    {
        source = _runs.Count > 0 && _runs[0] < 0 ? OutputSource.Error : OutputSource.Output;
        return _runs.Count == 0 ? default : CollectionsMarshal.AsSpan(_bytes)[..Math.Min(limit, Math.Abs(_runs[0]))];
    }

    /// <param name="count">Of the first run.</param>
    public void Remove(int count)
    {
        _bytes.RemoveRange(0, count);
        _runs[0] -= Math.Sign(_runs[0]) * count;
        if (_runs[0] == 0)
        {
            _runs.RemoveAt(0);
        }
    }
}
