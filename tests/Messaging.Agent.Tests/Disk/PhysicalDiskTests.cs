using System.Text;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Tests.Disk;

public sealed class PhysicalDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("messaging-disk-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AtomicFileWrite_ReplacesTheContentAndIsForTheOwnerAlone()
    {
        var path = Path.Combine(_folder, "state");
        AtomicFile.Write(PhysicalDisk.Instance, path, new byte[100]);
        AtomicFile.Write(PhysicalDisk.Instance, path, "short"u8);

        Assert.Equal("short", Encoding.ASCII.GetString(AtomicFile.Read(PhysicalDisk.Instance, path, 10)!));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(["state"], PhysicalDisk.Instance.List(_folder));
        Assert.Throws<IOException>(() => AtomicFile.Read(PhysicalDisk.Instance, path, 4));
    }

    [Fact]
    public void SyncDirectory_OfNoFolder_IsAnIOException() =>
        Assert.Throws<IOException>(() => PhysicalDisk.Instance.SyncDirectory(Path.Combine(_folder, "none")));

    [Fact]
    public void SealedFileTryRead_TellsWhatIsWrong()
    {
        var path = Path.Combine(_folder, "sealed");
        Assert.Equal(SealedFileState.Missing, Read(path));
        SealedFile.Write(PhysicalDisk.Instance, path, "MSGTEST1"u8, 1, "content"u8);
        Assert.Equal(SealedFileState.Whole, Read(path));
        SealedFile.Write(PhysicalDisk.Instance, path, "MSGTEST1"u8, 2, "content"u8);
        Assert.Equal(SealedFileState.OtherVersion, Read(path));

        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(SealedFileState.Damaged, Read(path));
        File.WriteAllBytes(path, []);
        Assert.Equal(SealedFileState.Damaged, Read(path));
        File.WriteAllBytes(path, new byte[5000]);
        Assert.Equal(SealedFileState.Damaged, Read(path));
    }

    [Fact]
    public void Crc32C_OfTheCheckString_IsRfc3720s() => Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));

    private static SealedFileState Read(string path) => SealedFile.TryRead(PhysicalDisk.Instance, path, "MSGTEST1"u8, 1, 1000, out _);
}
