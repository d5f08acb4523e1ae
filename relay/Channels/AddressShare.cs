using Messaging.Relay.Limits;

namespace Messaging.Relay.Channels;

/// <summary>
/// What one address may take in a day of what all have together, once half of that is taken. It is so little that one address alone does not come to the end of the other half before what it took
/// first has gone by its age. Nothing of it is on the disk: a relay keeps no list of who took what. Thread safe.
/// </summary>
/// <param name="limit">What all may take.</param>
/// <param name="age">After which what was taken is given back.</param>
/// <param name="time">The clock.</param>
internal sealed class AddressShare(long limit, TimeSpan age, TimeProvider time)
{
    /// <summary>Addresses that are remembered; more share one entry until the next day.</summary>
    private const int MaxAddresses = 10_000;

    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, long> _taken = [];
    private long _begunAt = time.GetTimestamp();

    /// <summary>What one address may take in a day.</summary>
    public long Amount { get; } = (long)(limit / 2 / (Math.Ceiling(age.TotalDays) + 1));

    /// <summary>Whether an address may take so much more.</summary>
    /// <param name="from">Null: a Unix socket, or nobody's wish.</param>
    /// <param name="amount">More than 0.</param>
    /// <param name="held">What all have taken.</param>
    public bool TryTake(AddressKey? from, long amount, long held)
    {
        if (from is not { } key)
        {
            return true;
        }

        lock (_gate)
        {
            if (time.GetElapsedTime(_begunAt) >= Day)
            {
                _taken.Clear();
                _begunAt = time.GetTimestamp();
            }

            if (_taken.Count >= MaxAddresses && !_taken.ContainsKey(key))
            {
                key = default;
            }

            var taken = _taken.GetValueOrDefault(key) + amount;
            if (held > limit / 2 && taken > Amount)
            {
                return false;
            }

            _taken[key] = taken;
            return true;
        }
    }
}
