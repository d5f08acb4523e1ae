namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>Where the metadata of the repository is kept. Names are safe as names of files.</summary>
internal interface IRepositoryFiles
{
    /// <summary>Null when there is no such file.</summary>
    byte[]? Read(string name);

    /// <summary>Returns when the new content survives a power cut; before that the old one does.</summary>
    void Replace(string name, ReadOnlySpan<byte> content);

    /// <summary>Returns when it stays away after a power cut. It may not be there.</summary>
    void Delete(string name);

    /// <summary>The names of all files.</summary>
    IReadOnlyList<string> List();
}
