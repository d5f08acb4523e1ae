namespace Messaging.Telemetry;

/// <summary>A definition in a batch.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Definition">What the number stands for.</param>
/// <param name="Like">
/// The number of a series that differs in the values of its attributes alone, and that the reader knows, or has read before this one; null
/// when it is written in full.
/// </param>
public readonly record struct SeriesEntry(uint Id, SeriesDefinition Definition, uint? Like);
