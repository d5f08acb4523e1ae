using System.Net;
using System.Runtime.InteropServices;

namespace Messaging.Relay.Limits;

/// <summary>
/// Counts connections before anything is read from them: in all that are not authenticated, and by address.
/// Authenticated devices are counted apart, so that strangers cannot take the places of the fleet.
/// </summary>
internal sealed class ConnectionGate(RelayOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<AddressKey, AddressCount> _addresses = [];
    private int _unauthenticated;
    private int _devices;

    /// <summary>Connections that are not authenticated yet.</summary>
    public int Unauthenticated => Volatile.Read(ref _unauthenticated);

    /// <summary>Authenticated devices.</summary>
    public int Devices => Volatile.Read(ref _devices);

    /// <summary>Takes a place for a new connection, or answers null when there is none.</summary>
    /// <param name="remote">The peer; null for a Unix socket, whose file's mode is limit enough: strangers cannot keep control out.</param>
    public ConnectionTicket? TryEnter(EndPoint? remote) => AddressKey.Of(remote) is { } address ? TryEnter(address) : new ConnectionTicket(this, address: null);

    /// <summary>Takes a place for a new connection, or answers null when there is none.</summary>
    public ConnectionTicket? TryEnter(AddressKey address)
    {
        lock (_lock)
        {
            var count = _addresses.GetValueOrDefault(address);
            if (_unauthenticated >= options.MaxUnauthenticated
                || count.All >= options.MaxConnectionsPerAddress
                || count.Unauthenticated >= options.MaxUnauthenticatedPerAddress)
            {
                return null;
            }

            _unauthenticated++;
            _addresses[address] = new AddressCount(count.All + 1, count.Unauthenticated + 1);
            return new ConnectionTicket(this, address);
        }
    }

    /// <summary>Moves a connection from the strangers to the authenticated.</summary>
    /// <returns>False when the relay is full of devices.</returns>
    internal bool Promote(AddressKey? address, bool isDevice)
    {
        lock (_lock)
        {
            if (isDevice && _devices >= options.MaxConnections)
            {
                return false;
            }

            _devices += isDevice ? 1 : 0;
            Change(address, all: 0, unauthenticated: -1);
            return true;
        }
    }

    /// <summary>A device's session is over, though its connection may still take a moment to end.</summary>
    internal void Retire()
    {
        lock (_lock)
        {
            _devices--;
        }
    }

    internal void Leave(AddressKey? address, bool wasAuthenticated)
    {
        lock (_lock)
        {
            Change(address, all: -1, unauthenticated: wasAuthenticated ? 0 : -1);
        }
    }

    private void Change(AddressKey? address, int all, int unauthenticated)
    {
        if (address is not { } key || !_addresses.TryGetValue(key, out var count))
        {
            return;
        }

        _unauthenticated += unauthenticated;
        if (count.All + all == 0)
        {
            _addresses.Remove(key);
        }
        else
        {
            _addresses[key] = new AddressCount(count.All + all, count.Unauthenticated + unauthenticated);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct AddressCount(int All, int Unauthenticated);
}
