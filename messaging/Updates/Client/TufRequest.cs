namespace Messaging.Updates.Client;

/// <summary>A file of a repository.</summary>
/// <param name="IsTarget">Whether it is below the address of targets, not of metadata.</param>
/// <param name="Path">Relative to that address, escaped as in a URL.</param>
/// <param name="MaxBytes">The length that it has at most: a fetcher may refuse a longer one, and never needs to send more.</param>
public sealed record TufRequest(bool IsTarget, string Path, long MaxBytes);
