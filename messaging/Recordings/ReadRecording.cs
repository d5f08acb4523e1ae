namespace Messaging.Recordings;

/// <summary>Reads at an offset, up to the end; returns how many bytes there were.</summary>
/// <param name="offset">From the beginning, in bytes.</param>
/// <param name="buffer">Filled as far as there is something.</param>
public delegate int ReadRecording(long offset, Span<byte> buffer);
