namespace Messaging.Agent.Commands.Output;

/// <summary>The last bytes of what a command writes, for its report. Thread-safe.</summary>
internal sealed class OutputTail(int limit)
{
    private readonly Lock _gate = new();
    private readonly List<byte> _bytes = [];
    private bool _isCut;

    public void Add(ReadOnlySpan<byte> piece)
    {
        lock (_gate)
        {
            _bytes.AddRange(piece);

            // Not for every piece: what is moved is twice as much at most.
            if (_bytes.Count > Math.Max(2 * limit, 4096))
            {
                Cut();
            }
        }
    }

    /// <summary>What there is now, and whether something was before it.</summary>
    public (byte[] Bytes, bool IsCut) Take()
    {
        lock (_gate)
        {
            Cut();
            return ([.. _bytes], _isCut);
        }
    }

    private void Cut()
    {
        if (_bytes.Count > limit)
        {
            _isCut = true;
            _bytes.RemoveRange(0, _bytes.Count - limit);
        }
    }
}
