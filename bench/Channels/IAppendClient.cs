namespace Messaging.Bench.Channels;

/// <summary>Appends to a durable log, many at a time, and waits for the acknowledgements.</summary>
internal interface IAppendClient : IDisposable
{
    /// <summary>Appends so many records of these bytes, at most <paramref name="inFlight"/> of them unacknowledged.</summary>
    Task AppendAsync(ReadOnlyMemory<byte> body, int count, int inFlight);
}
