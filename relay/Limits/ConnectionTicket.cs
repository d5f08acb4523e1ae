namespace Messaging.Relay.Limits;

/// <summary>One connection's place at the <see cref="ConnectionGate"/>; disposing gives it back, once.</summary>
internal sealed class ConnectionTicket(ConnectionGate gate, AddressKey? address) : IDisposable
{
    private readonly Lock _lock = new();
    private bool _authenticated;
    private bool _device;
    private bool _left;

    /// <summary>The connection is authenticated now.</summary>
    /// <returns>False when the relay is full of devices.</returns>
    public bool Promote(bool isDevice)
    {
        lock (_lock)
        {
            if (_left || _authenticated || !gate.Promote(address, isDevice))
            {
                return false;
            }

            _authenticated = true;
            _device = isDevice;
            return true;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_left)
            {
                return;
            }

            _left = true;
            gate.Leave(address, _authenticated, _device);
        }
    }
}
