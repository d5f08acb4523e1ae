using SharpFuzz;

namespace Messaging.Fuzz;

/// <summary>A target as a value.</summary>
internal sealed record FuzzTarget(string Name, ReadOnlySpanAction Fuzz, Func<IEnumerable<byte[]>> Seeds);
