using System.Net;
using Messaging.Relay.Limits;

namespace Messaging.Relay.Channels;

/// <summary>How many channels an address makes: strangers may make channels, but not fill the relay with them. Thread safe.</summary>
internal sealed class CreateLimit(ChannelOptions options, TimeProvider time)
{
    /// <summary>Addresses that are remembered; more are strangers to each other until the next minute.</summary>
    private const int MaxAddresses = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, int> _made = [];
    private long _begunAt = time.GetTimestamp();

    /// <summary>Whether one more may be made from an address.</summary>
    /// <param name="address">Null: a Unix socket, whose file's mode is limit enough.</param>
    public bool TryTake(IPAddress? address)
    {
        if (address is null || AddressKey.Of(new IPEndPoint(address, 0)) is not { } key)
        {
            return true;
        }

        lock (_gate)
        {
            if (time.GetElapsedTime(_begunAt) >= Window)
            {
                _made.Clear();
                _begunAt = time.GetTimestamp();
            }

            var count = _made.GetValueOrDefault(key);
            if (count >= options.CreatesPerMinute || (count == 0 && _made.Count >= MaxAddresses))
            {
                return false;
            }

            _made[key] = count + 1;
            return true;
        }
    }
}
