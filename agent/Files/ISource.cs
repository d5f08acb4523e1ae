namespace Messaging.Agent.Files;

/// <summary>A file that is being read.</summary>
internal interface ISource : IDisposable
{
    SourceLook Look();

    /// <exception cref="IOException">The medium failed.</exception>
    int Read(long offset, Span<byte> buffer);

    /// <summary>Its content survives a power cut.</summary>
    /// <exception cref="IOException">It may not.</exception>
    void Sync();
}
