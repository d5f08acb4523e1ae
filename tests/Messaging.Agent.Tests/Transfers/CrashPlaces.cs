using Messaging.Agent.Commands.Beneath;
using Messaging.Agent.Disk;
using Messaging.Agent.Tests.Disk;

namespace Messaging.Agent.Tests.Transfers;

/// <summary>Folders of a device's owner on a disk that forgets what was not synced.</summary>
internal sealed class CrashPlaces(CrashDisk disk) : IPlaces
{
    public IPlace Open(string root, string[] names) => new Place(disk, root + "/" + string.Join('/', names));

    private sealed class Place(CrashDisk disk, string target) : IPlace
    {
        private readonly string _folder = Path.GetDirectoryName(target)!;

        public ITargetFile? OpenTarget() => disk.Exists(target) ? new PlacedFile(disk.Open(target, create: false)) : null;

        public IPlacedFile Create(string temporary) => new PlacedFile(disk.Open(Beside(temporary), create: true));

        public IPlacedFile? Open(string temporary) => disk.Exists(Beside(temporary)) ? new PlacedFile(disk.Open(Beside(temporary), create: false)) : null;

        public bool Put(string temporary, bool mustBeNew)
        {
            if (mustBeNew && disk.Exists(target))
            {
                return false;
            }

            disk.Rename(Beside(temporary), target);
            return true;
        }

        public void Delete(string temporary) => disk.Delete(Beside(temporary));

        public void Sync() => disk.SyncDirectory(_folder);

        public DiskSpace? Space() => disk.Space(_folder);

        public void Dispose()
        {
            // Nothing is held.
        }

        private string Beside(string temporary) => _folder + "/" + temporary;
    }

    private sealed class PlacedFile(IDiskFile file) : IPlacedFile, ITargetFile
    {
        public long Length => file.Length;

        public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> data) => file.Write(offset, data);

        public void SetLength(long length) => file.SetLength(length);

        public void Sync() => file.Sync();

        public void ChangeMode(int mode)
        {
            // The disk has no modes.
        }

        public TargetLook Look() => new(file.Length, 0, 0);

        public void Dispose() => file.Dispose();
    }
}
