using Messaging.Agent.Local;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Updates.Root;

/// <summary>The agent's folder of updates. Links are not followed: who writes there is not root.</summary>
internal sealed class AgentFolder(string folder) : IAgentFolder
{
    public byte[]? Metadata(string name, int maxBytes)
    {
        var path = Path.Combine(folder, "metadata", name);
        if (!File.Exists(path))
        {
            return null;
        }

        return NoFollowFile.TryRead(path, maxBytes, out var content) is { } problem ? throw new IOException($"{path}: {problem}") : content;
    }

    public IAgentContent OpenContent() => new Content(NoFollowFile.Open(Path.Combine(folder, "content")));

    private sealed class Content(SafeFileHandle handle) : IAgentContent
    {
        public int Read(long offset, Span<byte> buffer) => RandomAccess.Read(handle, buffer, offset);

        public void Dispose() => handle.Dispose();
    }
}
