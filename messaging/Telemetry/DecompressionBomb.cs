namespace Messaging.Telemetry;

/// <summary>A batch that is small on the wire and large when it is opened.</summary>
public static class DecompressionBomb
{
    /// <summary>True when the content of a batch, which every decoder refuses then, would have more than 4 MiB. No more than that is expanded.</summary>
    public static bool Is(ReadOnlySpan<byte> batch)
    {
        using var envelope = new BatchEnvelope();
        return !envelope.TryOpen(batch) && envelope.IsBomb;
    }
}
