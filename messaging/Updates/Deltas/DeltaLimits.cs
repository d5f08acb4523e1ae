namespace Messaging.Updates.Deltas;

/// <summary>What a delta may make a device do.</summary>
/// <param name="MaxNewBytes">The longest new file. Usually the length that signed metadata lists: a delta that names another makes something else anyway.</param>
/// <param name="OldIsVerified">
/// Whether the caller has just compared the old file's SHA-256 with <see cref="DeltaHeader.OldSha256"/>. Else it is read once more before anything is written.
/// </param>
public sealed record DeltaLimits(long MaxNewBytes, bool OldIsVerified = false);
