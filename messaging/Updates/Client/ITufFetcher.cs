namespace Messaging.Updates.Client;

/// <summary>How a client gets files of a repository, which may be any mirror: nothing of it is trusted.</summary>
public interface ITufFetcher
{
    /// <summary>Begins to get a file; null when the repository says that it has none. The client reads no more than the limit, and disposes of it.</summary>
    /// <param name="request">Which, and how much of it.</param>
    /// <param name="cancellation">Ends when the client stops, and at the deadline of the file.</param>
    /// <exception cref="IOException">The repository cannot be reached, or failed.</exception>
    Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation);
}
