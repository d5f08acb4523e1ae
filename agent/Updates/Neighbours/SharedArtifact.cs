namespace Messaging.Agent.Updates.Neighbours;

/// <summary>An artifact that is kept for neighbours.</summary>
/// <param name="path">The file.</param>
/// <param name="number">Higher ones came later.</param>
/// <param name="sha256">What it is.</param>
/// <param name="length">Its bytes.</param>
/// <param name="isVerified">It was, since the agent has started.</param>
internal sealed class SharedArtifact(string path, long number, byte[] sha256, long length, bool isVerified)
{
    public string Path => path;

    public long Number => number;

    public byte[] Sha256 => sha256;

    public long Length => length;

    public bool IsVerified { get; set; } = isVerified;

    /// <summary>Somebody is about to.</summary>
    public bool IsBeingVerified { get; set; }
}
