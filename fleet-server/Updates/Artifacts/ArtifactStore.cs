using Messaging.FleetServer.Storage;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>
/// The artifacts: <c>SHA256</c> once one is whole, <c>SHA256.part</c> while it is uploaded. The names are hashes; what a release calls a file is never part of a path.
/// </summary>
internal sealed class ArtifactStore(string folder)
{
    private const string Part = ".part";

    /// <summary>Bytes of the disk that are free; null when it does not say.</summary>
    public long? Free()
    {
        DurableFile.CreatePrivateDirectory(folder);
        return new DriveInfo(folder) is { IsReady: true } drive ? drive.AvailableFreeSpace : null;
    }

    /// <summary>Bytes of one that is whole; null when it is not.</summary>
    public long? LengthOf(string sha256) => LengthOfFile(PathOf(sha256));

    /// <summary>Bytes that are there of one that is uploaded.</summary>
    public long LengthOfPart(string sha256) => LengthOfFile(PathOf(sha256) + Part) ?? 0;

    /// <summary>Those that are there, whole or in part.</summary>
    public IReadOnlyList<StoredArtifact> List()
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return
        [
            .. new DirectoryInfo(folder).EnumerateFiles()
                .Where(static file => ReleaseText.IsSha256(Path.GetFileNameWithoutExtension(file.Name)) && file.Extension is "" or Part)
                .Select(static file => new StoredArtifact(Path.GetFileNameWithoutExtension(file.Name), file.Length, file.Extension.Length == 0, file.LastWriteTimeUtc)),
        ];
    }

    /// <summary>Null when there is none.</summary>
    public FileStream? OpenRead(string sha256)
    {
        try
        {
            return new FileStream(PathOf(sha256), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The part of one that is uploaded, to be read and written.</summary>
    /// <param name="sha256">Which.</param>
    /// <param name="anew">Whether to begin again.</param>
    public FileStream OpenPart(string sha256, bool anew)
    {
        DurableFile.CreatePrivateDirectory(Path.GetDirectoryName(folder)!);
        DurableFile.CreatePrivateDirectory(folder);
        var options = new FileStreamOptions
        {
            Mode = anew ? FileMode.Create : FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(PathOf(sha256) + Part, options);
    }

    /// <summary>Gives a part that was flushed and is right its name; durable when this returns.</summary>
    public void Finish(string sha256)
    {
        File.Move(PathOf(sha256) + Part, PathOf(sha256), overwrite: true);
        DurableFile.FlushDirectory(folder);
        DurableFile.FlushDirectory(Path.GetDirectoryName(folder)!);
    }

    public void DeletePart(string sha256) => File.Delete(PathOf(sha256) + Part);

    /// <summary>False when there was nothing.</summary>
    public bool Delete(string sha256)
    {
        if (!File.Exists(PathOf(sha256)) && !File.Exists(PathOf(sha256) + Part))
        {
            return false;
        }

        File.Delete(PathOf(sha256));
        DeletePart(sha256);
        DurableFile.FlushDirectory(folder);
        return true;
    }

    private static long? LengthOfFile(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : null;

    /// <exception cref="ArgumentException">It is no hash, and so no name either.</exception>
    private string PathOf(string sha256) => ReleaseText.IsSha256(sha256) ? Path.Combine(folder, sha256) : throw new ArgumentException("It is no SHA-256.", nameof(sha256));
}
