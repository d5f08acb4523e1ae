namespace Messaging.Updates.Deltas.Making;

/// <summary>A part of the old file in a view.</summary>
/// <param name="From">Where in the file.</param>
/// <param name="View">Where in the view.</param>
/// <param name="Length">How many bytes.</param>
internal readonly record struct OldExtent(long From, int View, int Length);
