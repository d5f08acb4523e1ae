using System.Runtime.InteropServices;
using Messaging.Relay.Limits;

namespace Messaging.Relay.Users;

/// <summary>
/// Slows the guessing of passwords: who has failed too often, an address or whoever tries a name, is refused for a while without a look. The owner of a name that others guess at
/// still gets in from addresses where that has worked before. The same wrong password again is no new guess and does not get here. Thread safe.
/// </summary>
internal sealed class FailureLimits(TimeProvider time)
{
    /// <summary>Failures that an address has at once, and how long one takes to be forgotten.</summary>
    public const int AddressBurst = 10;
    public static readonly TimeSpan AddressForget = TimeSpan.FromSeconds(30);

    /// <summary>Failures that a name has at once, and how long one takes to be forgotten.</summary>
    public const int NameBurst = 30;
    public static readonly TimeSpan NameForget = TimeSpan.FromSeconds(10);

    /// <summary>Addresses, names, and pairs of both, each.</summary>
    public const int MaxEntries = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<AddressKey, Leak> _addresses = [];
    private readonly Dictionary<string, Leak> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<(AddressKey Address, string Name), long> _known = [];

    /// <summary>What is remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _addresses.Count + _names.Count + _known.Count;
            }
        }
    }

    /// <summary>Whether one more guess is looked at.</summary>
    public bool Allows(AddressKey address, string name)
    {
        lock (_gate)
        {
            return Level(_addresses, address, AddressForget) <= AddressBurst - 1
                && (_known.ContainsKey((address, name)) || Level(_names, name, NameForget) <= NameBurst - 1);
        }
    }

    public void Failed(AddressKey address, string name)
    {
        lock (_gate)
        {
            Add(_addresses, address, AddressForget);
            Add(_names, name, NameForget);
        }
    }

    public void Succeeded(AddressKey address, string name)
    {
        lock (_gate)
        {
            Trim(_known, static since => since);
            _known[(address, name)] = time.GetTimestamp();
        }
    }

    private double Level<TKey>(Dictionary<TKey, Leak> table, TKey key, TimeSpan each)
        where TKey : notnull =>
        table.TryGetValue(key, out var leak) ? Math.Max(0, leak.Level - (time.GetElapsedTime(leak.At) / each)) : 0;

    private void Add<TKey>(Dictionary<TKey, Leak> table, TKey key, TimeSpan each)
        where TKey : notnull
    {
        var level = Level(table, key, each) + 1;
        Trim(table, static leak => leak.At);
        table[key] = new Leak(level, time.GetTimestamp());
    }

    /// <summary>Keeps a table bounded whatever strangers send: the oldest half goes.</summary>
    private static void Trim<TKey, TValue>(Dictionary<TKey, TValue> table, Func<TValue, long> age)
        where TKey : notnull
    {
        if (table.Count >= MaxEntries)
        {
            foreach (var key in table.OrderBy(entry => age(entry.Value)).Take(MaxEntries / 2).Select(static entry => entry.Key).ToList())
            {
                table.Remove(key);
            }
        }
    }

    /// <summary>A count that leaks away with time.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Leak(double Level, long At);
}
