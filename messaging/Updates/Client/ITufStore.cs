namespace Messaging.Updates.Client;

/// <summary>
/// Where a client keeps the metadata that it trusts. The first <c>root</c> is put there by whoever sets the client up. Names are safe as
/// names of files: letters, digits and <c>-._~%</c>, to which the store adds <c>.json</c> or the like.
/// </summary>
public interface ITufStore
{
    /// <summary>What was kept last, or null. What is longer than the limit may be left out as if it were not there.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    byte[]? Load(string name, int maxBytes);

    /// <summary>Returns when the new content survives a power cut; before that the old one does.</summary>
    /// <exception cref="IOException">The old content is still there.</exception>
    void Replace(string name, ReadOnlySpan<byte> content);

    /// <summary>Returns when it stays away after a power cut. It may not be there.</summary>
    /// <exception cref="IOException">It may still be there.</exception>
    void Delete(string name);
}
