namespace Messaging.Updates.Deltas;

/// <summary>What was made. Both are as the delta says; whether that is the file that is wanted, signed metadata tell.</summary>
/// <param name="Length">Bytes of the new file.</param>
/// <param name="Sha256">SHA-256 of it, 32 bytes.</param>
public sealed record DeltaResult(long Length, ReadOnlyMemory<byte> Sha256);
