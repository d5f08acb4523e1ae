using System.Text.Json;

namespace Messaging.Relay.Counters;

/// <summary>Counts since the relay started. Thread safe, lock-free.</summary>
internal sealed class RelayCounters
{
    private static readonly string[] Names =
        [.. Enum.GetNames<RelayCounter>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private readonly long[] _values = new long[Names.Length];

    /// <summary>The present value.</summary>
    public long this[RelayCounter counter] => Interlocked.Read(ref _values[(int)counter]);

    /// <summary>Adds one.</summary>
    public void Count(RelayCounter counter) => Interlocked.Increment(ref _values[(int)counter]);

    /// <summary>Adds several.</summary>
    public void Add(RelayCounter counter, long amount) => Interlocked.Add(ref _values[(int)counter], amount);

    /// <summary>All values by their names, in a fixed order.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Snapshot() =>
        [.. Names.Select((name, index) => KeyValuePair.Create(name, Interlocked.Read(ref _values[index])))];
}
