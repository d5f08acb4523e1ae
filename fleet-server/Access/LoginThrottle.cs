using System.Net;
using System.Net.Sockets;

namespace Messaging.FleetServer.Access;

/// <summary>
/// Slows the guessing of passwords. An address that fails too often is refused for a while; that harms nobody else. An account
/// that is guessed at from many addresses answers slower, but is never locked: strangers cannot keep its owner out, and an
/// address from which that account signed in before is not slowed at all.
/// </summary>
internal sealed class LoginThrottle(TimeProvider time)
{
    /// <summary>Failures that an address has at once, and how long one takes to come back.</summary>
    public const int AddressBurst = 10;
    public static readonly TimeSpan AddressRefill = TimeSpan.FromSeconds(30);

    /// <summary>Failures of an account before it answers slower, and how long one takes to be forgotten.</summary>
    public const int AccountBurst = 5;
    public static readonly TimeSpan AccountForget = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(4);

    private const int MaxEntries = 10_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Leak> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Leak> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Address, string Account), DateTimeOffset> _known = [];

    /// <summary>
    /// Counts an attempt before it is made, so that many at once do not slip through; <see cref="Succeeded"/> takes it back.
    /// </summary>
    public LoginVerdict Begin(IPAddress? address, string account)
    {
        var from = Key(address);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            var level = Level(_addresses, from, AddressRefill, now);
            if (level > AddressBurst - 1)
            {
                return new LoginVerdict(Refused: true, RetryAfter: AddressRefill * (level - AddressBurst + 1), Delay: TimeSpan.Zero);
            }

            Add(_addresses, from, AddressRefill, now);
            var failures = Level(_accounts, account, AccountForget, now);
            Add(_accounts, account, AccountForget, now);
            return new LoginVerdict(Refused: false, TimeSpan.Zero, _known.ContainsKey((from, account)) ? TimeSpan.Zero : Delay(failures));
        }
    }

    public void Succeeded(IPAddress? address, string account)
    {
        var from = Key(address);
        var now = time.GetUtcNow();
        lock (_lock)
        {
            Remove(_addresses, from, AddressRefill, now);
            Remove(_accounts, account, AccountForget, now);
            Trim(_known, static since => since);
            _known[(from, account)] = now;
        }
    }

    /// <summary>An IPv6 customer has a whole /64, so that is one address.</summary>
    private static string Key(IPAddress? address)
    {
        if (address is null)
        {
            return "";
        }

        if (address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }

    private static TimeSpan Delay(double failures) => failures < AccountBurst
        ? TimeSpan.Zero
        : TimeSpan.FromTicks((long)Math.Min(LongestDelay.Ticks, FirstDelay.Ticks * Math.Pow(2, Math.Min(failures - AccountBurst, 30))));

    private static double Level(Dictionary<string, Leak> table, string key, TimeSpan each, DateTimeOffset now) =>
        table.TryGetValue(key, out var leak) ? Math.Max(0, leak.Level - ((now - leak.At) / each)) : 0;

    private static void Add(Dictionary<string, Leak> table, string key, TimeSpan each, DateTimeOffset now)
    {
        var level = Level(table, key, each, now) + 1;
        Trim(table, static leak => leak.At);
        table[key] = new Leak(level, now);
    }

    private static void Remove(Dictionary<string, Leak> table, string key, TimeSpan each, DateTimeOffset now) =>
        table[key] = new Leak(Math.Max(0, Level(table, key, each, now) - 1), now);

    /// <summary>Keeps a table bounded whatever strangers send: the oldest half goes.</summary>
    private static void Trim<TKey, TValue>(Dictionary<TKey, TValue> table, Func<TValue, DateTimeOffset> age)
        where TKey : notnull
    {
        if (table.Count < MaxEntries)
        {
            return;
        }

        foreach (var key in table.OrderBy(entry => age(entry.Value)).Take(MaxEntries / 2).Select(entry => entry.Key).ToList())
        {
            table.Remove(key);
        }
    }

    /// <summary>A count that leaks away with time.</summary>
    private readonly record struct Leak(double Level, DateTimeOffset At);
}
