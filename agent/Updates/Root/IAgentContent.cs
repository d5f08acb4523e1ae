namespace Messaging.Agent.Updates.Root;

/// <summary>What the agent has fetched, opened.</summary>
internal interface IAgentContent : IDisposable
{
    /// <summary>Reads up to its end; returns the count of bytes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    int Read(long offset, Span<byte> buffer);
}
