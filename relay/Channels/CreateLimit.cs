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
    private readonly AddressShare _shares = new(options.MaxChannels, options.MaxIdle, time);
    private long _begunAt = time.GetTimestamp();

    /// <summary>Whether one more may be made from an address.</summary>
    /// <param name="address">Null: a Unix socket, whose file's mode is limit enough.</param>
    /// <param name="count">Channels that there are.</param>
    public bool TryTake(IPAddress? address, int count)
    {
        if (AddressKey.Of(address) is not { } key)
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

            var made = _made.GetValueOrDefault(key);
            if (made >= options.CreatesPerMinute || (made == 0 && _made.Count >= MaxAddresses) || !_shares.TryTake(key, 1, count))
            {
                return false;
            }

            _made[key] = made + 1;
            return true;
        }
    }
}
