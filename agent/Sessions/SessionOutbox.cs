using System.Threading.Channels;

namespace Messaging.Agent.Sessions;

/// <summary>
/// Frames of sessions for the connection of this moment. There is room for few: whoever has more waits, and what a lost connection takes with
/// it the sessions send again. Thread-safe.
/// </summary>
internal sealed class SessionOutbox
{
    private const int MaxWaiting = 16;
    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true });
    private volatile bool _isOpen;

    /// <summary>Raised when a new connection begins to send.</summary>
    public event Action? Opened;

    /// <summary>Raised when there is room for more.</summary>
    public event Action? HasGivenRoom;

    public ChannelReader<byte[]> Frames => _frames.Reader;

    public bool HasRoom => _isOpen && _frames.Reader.Count < MaxWaiting;

    /// <summary>A new connection, which does not send what was meant for the last one.</summary>
    public void Open()
    {
        while (_frames.Reader.TryRead(out _))
        {
            // Dropped.
        }

        _isOpen = true;
        Opened?.Invoke();
    }

    public void Close() => _isOpen = false;

    /// <returns>False when there is no connection, or no room.</returns>
    public bool TrySend(byte[] frame) => _isOpen && _frames.Writer.TryWrite(frame);

    /// <summary>A frame was taken out.</summary>
    public void Taken() => HasGivenRoom?.Invoke();
}
