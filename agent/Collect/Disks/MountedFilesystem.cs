using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Disks;

internal sealed class MountedFilesystem
{
    private readonly KernelPath _path;

    public MountedFilesystem(string device, string mountPoint, string type, bool isReadOnly)
    {
        Device = device;
        MountPoint = mountPoint;
        _path = new KernelPath(mountPoint);
        KeyValuePair<string, string>[] identity =
        [
            new("system.device", device), new("system.filesystem.mountpoint", mountPoint),
            new("system.filesystem.type", type), new("system.filesystem.mode", isReadOnly ? "ro" : "rw"),
        ];
        Identity = AttributeSet.Of(identity);
        Used = AttributeSet.Of([.. identity, new("system.filesystem.state", "used")]);
        Free = AttributeSet.Of([.. identity, new("system.filesystem.state", "free")]);
        Reserved = AttributeSet.Of([.. identity, new("system.filesystem.state", "reserved")]);
    }

    public string Device { get; }

    public string MountPoint { get; }

    public AttributeSet Identity { get; }

    public AttributeSet Used { get; }

    public AttributeSet Free { get; }

    public AttributeSet Reserved { get; }

    /// <summary>False for a file system without blocks, or one that cannot be asked now (unmounted meanwhile, no permission).</summary>
    public unsafe bool TryMeasure(out FilesystemSpace space)
    {
        LibC.StatVfsResult result = default;
        int code;
        fixed (byte* path = _path.Bytes)
        {
            code = LibC.StatVfs(path, &result);
        }

        if (code != 0 || result.Blocks == 0)
        {
            space = default;
            return false;
        }

        var unit = result.FragmentSize != 0 ? result.FragmentSize : result.BlockSize;
        space = new(
            (long)(result.Blocks * unit),
            (long)((result.Blocks - Math.Min(result.FreeBlocks, result.Blocks)) * unit),
            (long)(result.AvailableBlocks * unit));
        return space.Used + space.Available > 0;
    }
}
