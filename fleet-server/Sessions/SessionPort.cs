using System.Threading.Channels;
using Messaging.Wire;

namespace Messaging.FleetServer.Sessions;

/// <summary>The server's end of one client's connection to a session: packets that it cannot read, in order, as far as there is room. Thread-safe.</summary>
internal sealed class SessionPort(PrincipalId device, SessionId id, string callerId) : IDisposable
{
    private readonly Channel<byte[]> _up = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _heard = new(0, 1);
    private readonly CancellationTokenSource _replaced = new();
    private int _queued;
    private int _credit = SessionLimits.MaxUnheardBytes;

    public PrincipalId Device { get; } = device;

    public SessionId Id { get; } = id;

    public string CallerId { get; } = callerId;

    /// <summary>Cancelled when the same client has connected anew.</summary>
    public CancellationToken Replaced => _replaced.Token;

    public long BytesUp { get; private set; }

    public long BytesDown { get; private set; }

    /// <summary>Packets of the device for which the client left no room.</summary>
    public long Dropped { get; private set; }

    /// <summary>A packet of the device.</summary>
    public void Offer(byte[] packet)
    {
        lock (_up)
        {
            _credit = Math.Min(_credit + SessionLimits.HeardBytes, SessionLimits.MaxUnheardBytes);
            if (_heard.CurrentCount == 0)
            {
                _heard.Release();
            }

            if (_queued + packet.Length > SessionLimits.MaxQueuedBytes)
            {
                Dropped++;
                return;
            }

            _queued += packet.Length;
            BytesUp += packet.Length;
        }

        _up.Writer.TryWrite(packet);
    }

    /// <summary>The next packet for the client.</summary>
    public async ValueTask<byte[]> TakeAsync(CancellationToken cancellationToken)
    {
        var packet = await _up.Reader.ReadAsync(cancellationToken);
        lock (_up)
        {
            _queued -= packet.Length;
        }

        return packet;
    }

    /// <summary>Waits until the client may send more.</summary>
    public async Task WaitForCreditAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_up)
            {
                if (_credit > 0)
                {
                    return;
                }
            }

            await _heard.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The relay has taken a packet for the device.</summary>
    public void Sent(int bytes)
    {
        lock (_up)
        {
            _credit -= bytes;
            BytesDown += bytes;
        }
    }

    public void Replace() => _replaced.Cancel();

    public void Dispose()
    {
        _replaced.Dispose();
        _heard.Dispose();
    }
}
