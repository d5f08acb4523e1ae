namespace Messaging.Updates.Deltas.Coding;

/// <summary>Some bytes of the new file.</summary>
/// <param name="IsCopy">Whether they are those of the old file, more or less.</param>
/// <param name="From">Where in the old file; 0 for literals.</param>
/// <param name="Length">How many; at least 1.</param>
internal readonly record struct DeltaStep(bool IsCopy, long From, long Length);
