using Messaging.Agent.Disk;
using Messaging.Agent.Files;

namespace Messaging.Agent.Tests.Files;

/// <summary>Files of programs on a disk that forgets what was not synced.</summary>
internal sealed class CrashSources(IDisk disk) : ISources
{
    public SourceLook? Look(string path)
    {
        if (!disk.Exists(path))
        {
            return null;
        }

        using var file = disk.Open(path, create: false);
        return new SourceLook(new SourceMark(1, 1, file.Length, 1), true, 1, 0);
    }

    public ISource Open(string path) => new Source(disk.Open(path, create: false));

    private sealed class Source(IDiskFile file) : ISource
    {
        public SourceLook Look() => new(new SourceMark(1, 1, file.Length, 1), true, 1, 0);

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Sync() => file.Sync();

        public void Dispose() => file.Dispose();
    }
}
