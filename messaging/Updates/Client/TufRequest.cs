namespace Messaging.Updates.Client;

/// <summary>A file of a repository.</summary>
/// <param name="isTarget">Whether it is below the address of targets, not of metadata.</param>
/// <param name="path">Relative to that address, escaped as in a URL.</param>
/// <param name="maxBytes">The length that it has at most: a fetcher may refuse a longer one, and never needs to send more.</param>
public sealed class TufRequest(bool isTarget, string path, long maxBytes)
{
    /// <summary>Whether it is below the address of targets, not of metadata.</summary>
    public bool IsTarget { get; } = isTarget;

    /// <summary>Relative to that address, escaped as in a URL.</summary>
    public string Path { get; } = path;

    /// <summary>The length that it has at most.</summary>
    public long MaxBytes { get; } = maxBytes;
}
