using System.Diagnostics;

namespace Messaging.FleetServer.Commands;

/// <summary>
/// The numbers of the server's own commands, one row of them for all devices: each device sees them rise, with holes. Taken in blocks,
/// so that most commands write nothing.
/// </summary>
internal sealed class CommandSequence(CommandStore store, TimeProvider time) : IDisposable
{
    private const int Block = 4096;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next;
    private long _reservedThrough = -1;

    /// <summary>A number above all before.</summary>
    public async Task<long> NextAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_next > _reservedThrough)
            {
                _next = await store.ReserveSequenceAsync(Block, time.GetUtcNow(), cancellationToken);
                _reservedThrough = _next + Block - 1;
            }

            Debug.Assert(_next > 0, "Numbers begin at the time.");
            return _next++;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}
