namespace Messaging.EvilRelay.Harness;

/// <summary>How often something was refused, by its word; a failing test shows them.</summary>
internal sealed class Refusals(IEnumerable<KeyValuePair<string, long>> counts) : Dictionary<string, long>(counts, StringComparer.Ordinal)
{
    public override string ToString() => string.Join(", ", this.OrderBy(static one => one.Key, StringComparer.Ordinal).Select(static one => $"{one.Value} {one.Key}"));
}
