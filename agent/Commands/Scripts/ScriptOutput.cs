namespace Messaging.Agent.Commands.Scripts;

/// <summary>The first bytes of what a script writes. Thread-safe.</summary>
internal sealed class ScriptOutput(int limit)
{
    private readonly Lock _gate = new();
    private readonly List<byte> _bytes = [];
    private bool _truncated;

    public void Add(ReadOnlySpan<byte> piece)
    {
        lock (_gate)
        {
            var room = Math.Min(piece.Length, limit - _bytes.Count);
            _bytes.AddRange(piece[..room]);
            _truncated |= room < piece.Length;
        }
    }

    public (byte[] Bytes, bool Truncated) Take()
    {
        lock (_gate)
        {
            return ([.. _bytes], _truncated);
        }
    }
}
