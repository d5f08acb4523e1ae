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
    public ConnectionTicket? TryEnter(EndPoint? remote)
    {
        var address = AddressKey.Of(remote);
        lock (_lock)
        {
            if (_unauthenticated >= options.MaxUnauthenticated)
            {
                return null;
            }

            if (address is { } key)
            {
                var count = _addresses.GetValueOrDefault(key);
                if (count.All >= options.MaxConnectionsPerAddress || count.Unauthenticated >= options.MaxUnauthenticatedPerAddress)
                {
                    return null;
                }

                _addresses[key] = new AddressCount(count.All + 1, count.Unauthenticated + 1);
            }

            _unauthenticated++;
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

            _unauthenticated--;
            _devices += isDevice ? 1 : 0;
            Change(address, all: 0, unauthenticated: -1);
            return true;
        }
    }

    internal void Leave(AddressKey? address, bool wasAuthenticated, bool wasDevice)
    {
        lock (_lock)
        {
            _unauthenticated -= wasAuthenticated ? 0 : 1;
            _devices -= wasDevice ? 1 : 0;
            Change(address, all: -1, unauthenticated: wasAuthenticated ? 0 : -1);
        }
    }

    private void Change(AddressKey? address, int all, int unauthenticated)
    {
        if (address is not { } key || !_addresses.TryGetValue(key, out var count))
        {
            return;
        }

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
