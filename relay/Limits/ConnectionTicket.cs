namespace Messaging.Relay.Limits;

/// <summary>One connection's place at the <see cref="ConnectionGate"/>; disposing gives it back, once.</summary>
internal sealed class ConnectionTicket(ConnectionGate gate, AddressKey? address) : IDisposable
{
    private readonly Lock _lock = new();
    private bool _authenticated;
    private bool _device;
    private bool _left;

    /// <summary>Whether the connection got as far as MQTT: through its TLS handshake, where there is one.</summary>
    public bool IsServed { get; set; }

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

    /// <summary>The session is over: its place among the devices is free at once, that of its address when the connection has ended.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            if (_device)
            {
                _device = false;
                gate.Retire();
            }
        }
    }

    public void Dispose()
    {
        Retire();
        lock (_lock)
        {
            if (!_left)
            {
                _left = true;
                gate.Leave(address, _authenticated);
            }
        }
    }
}
