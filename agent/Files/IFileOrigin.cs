using Messaging.Files;

namespace Messaging.Agent.Files;

/// <summary>Where files for the server come from.</summary>
internal interface IFileOrigin
{
    /// <summary>What it has taken.</summary>
    FileQueue Queue { get; }

    /// <summary>Called once, before anything else.</summary>
    /// <exception cref="IOException">Its folders cannot be used now.</exception>
    void Prepare();

    /// <summary>Takes what is there.</summary>
    /// <exception cref="IOException">Its folder cannot be used.</exception>
    void Look(CancellationToken ct);

    /// <summary>What was taken since the last call.</summary>
    List<FileManifest> Taken();

    /// <summary>So many files wait, of all origins.</summary>
    void Count(int queued);
}
