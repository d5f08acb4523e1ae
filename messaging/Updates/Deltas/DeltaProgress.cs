namespace Messaging.Updates.Deltas;

/// <summary>How far a writer has come.</summary>
/// <param name="NewBytes">Bytes of the new file that the delta covers by now.</param>
/// <param name="NewLength">Bytes of the new file.</param>
/// <param name="DeltaBytes">Bytes of the delta by now.</param>
public readonly record struct DeltaProgress(long NewBytes, long NewLength, long DeltaBytes);
