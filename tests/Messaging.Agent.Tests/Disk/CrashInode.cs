namespace Messaging.Agent.Tests.Disk;

/// <summary>A file without its name, as programs see it.</summary>
internal sealed class CrashInode(List<byte> content)
{
    public List<byte> Content { get; } = content;
}
