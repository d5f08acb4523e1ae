namespace Messaging.Agent.Updates.Root;

/// <summary>What the agent lays down for the helper. It is believed as little as any mirror.</summary>
internal interface IAgentFolder
{
    /// <summary>A metadata file; null when there is none.</summary>
    /// <exception cref="IOException">It cannot be read, is a link, or is longer.</exception>
    byte[]? Metadata(string name, int maxBytes);

    /// <summary>What it has fetched.</summary>
    /// <exception cref="IOException">It is not there, or is a link.</exception>
    IAgentContent OpenContent();
}
