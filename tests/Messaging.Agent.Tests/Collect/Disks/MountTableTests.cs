using System.Text;
using Messaging.Agent.Collect.Disks;

namespace Messaging.Agent.Tests.Collect.Disks;

public sealed class MountTableTests
{
    [Fact]
    public void Parse_PseudoAndNetworkFilesystems_AreLeftOut()
    {
        var mounts = Parse("""
            proc /proc proc rw,relatime 0 0
            sysfs /sys sysfs rw 0 0
            tmpfs /run tmpfs rw,size=4k 0 0
            cgroup2 /sys/fs/cgroup cgroup2 rw 0 0
            nas:/export /mnt/nas nfs4 rw 0 0
            //nas/share /mnt/share cifs rw 0 0
            overlay /var/lib/docker/overlay2/x/merged overlay rw 0 0
            /dev/loop1 /snap/core/1 squashfs ro 0 0
            """);

        Assert.Empty(mounts);
    }

    [Fact]
    public void Parse_BlockDevices_AreKeptOnceEachAtTheirShortestPath()
    {
        var mounts = Parse("""
            /dev/root / ext4 rw,noatime 0 0
            /dev/sda1 /srv/data/inner ext4 rw 0 0
            /dev/sda1 /srv/data ext4 rw 0 0
            /dev/mmcblk0p1 /boot/firmware vfat ro,relatime 0 0
            """);

        Assert.Equal(["/", "/boot/firmware", "/srv/data"], mounts.Select(m => m.MountPoint));
        Assert.Contains(new("system.filesystem.mode", "ro"), mounts[1].Identity.Items);
        Assert.Contains(new("system.filesystem.type", "vfat"), mounts[1].Identity.Items);
        Assert.Contains(new("system.filesystem.mode", "rw"), mounts[0].Identity.Items);
    }

    [Fact]
    public void Parse_RootOnOverlay_IsKept() => Assert.Equal(["/"], Parse("overlay / overlay rw 0 0\n").Select(m => m.MountPoint));

    [Fact]
    public void Parse_EscapedBlanksAndBackslashes_AreDecoded() =>
        Assert.Equal([@"/media/My Disk\1"], Parse(@"/dev/sdb1 /media/My\040Disk\1341 ext4 rw 0 0").Select(m => m.MountPoint));

    private static IReadOnlyList<MountedFilesystem> Parse(string text) => MountTable.Parse(Encoding.UTF8.GetBytes(text));
}
