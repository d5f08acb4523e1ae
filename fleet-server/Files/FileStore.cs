using System.Security.Cryptography;
using Messaging.Files;
using Messaging.FleetServer.Storage;
using Messaging.Wire;

namespace Messaging.FleetServer.Files;

/// <summary>
/// The contents: <c>DEVICE/TRANSFER.part</c> while it is received, <c>DEVICE/TRANSFER.file</c> once it is complete. The names are ids; what a device
/// calls a file is never part of a path.
/// </summary>
internal sealed class FileStore(string folder)
{
    private const string Part = ".part";
    private const string Whole = ".file";
    private readonly HashSet<PrincipalId> _durable = [];

    public string PathOf(FileRow row) => PathOf(row.Device, row.Transfer, Whole);

    /// <summary>Bytes of the disk that are free; null when it does not say.</summary>
    public long? Free()
    {
        DurableFile.CreatePrivateDirectory(folder);
        return new DriveInfo(folder) is { IsReady: true } drive ? drive.AvailableFreeSpace : null;
    }

    /// <summary>Writes chunks where they belong. When it returns they survive a power cut.</summary>
    /// <exception cref="IOException">Nobody can say which of them are there.</exception>
    public void Write(FileRow row, IEnumerable<FileChunk> chunks)
    {
        var path = PathOf(row.Device, row.Transfer, Part);
        var isNew = !File.Exists(path);
        if (isNew)
        {
            DurableFile.CreatePrivateDirectory(folder);
            DurableFile.CreatePrivateDirectory(FolderOf(row.Device));
        }

        using (var handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            foreach (var chunk in chunks)
            {
                RandomAccess.Write(handle, chunk.Bytes.Span, (long)chunk.Index * row.ChunkSize);
            }

            RandomAccess.FlushToDisk(handle);
        }

        if (isNew)
        {
            DurableFile.FlushDirectory(FolderOf(row.Device));
        }

        // Whoever made the device's folder may have been killed before its name was on the disk.
        if (!_durable.Contains(row.Device))
        {
            DurableFile.FlushDirectory(folder);
            DurableFile.FlushDirectory(Path.GetDirectoryName(folder)!);
            _durable.Add(row.Device);
        }
    }

    /// <summary>Checks all chunks together and gives the file its final name. False when it is not what was announced.</summary>
    /// <exception cref="FileNotFoundException">There is nothing to check.</exception>
    /// <exception cref="IOException">It is to be tried again.</exception>
    public async Task<bool> FinishAsync(FileRow row, CancellationToken cancellationToken)
    {
        var (part, whole) = (PathOf(row.Device, row.Transfer, Part), PathOf(row));

        // Killed after the rename: it is checked again under its new name.
        var path = File.Exists(whole) ? whole : part;
        await using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 17, useAsync: true))
        {
            if (stream.Length != row.Size || !(await SHA256.HashDataAsync(stream, cancellationToken)).AsSpan().SequenceEqual(row.Sha256))
            {
                return false;
            }
        }

        if (path == part)
        {
            File.Move(part, whole, overwrite: true);
        }

        DurableFile.FlushDirectory(FolderOf(row.Device));
        return true;
    }

    /// <summary>Deletes what is there of a file.</summary>
    public void Delete(PrincipalId device, TransferId transfer)
    {
        if (Directory.Exists(FolderOf(device)))
        {
            File.Delete(PathOf(device, transfer, Part));
            File.Delete(PathOf(device, transfer, Whole));
        }
    }

    /// <summary>Everything that is there, and when it was last written to.</summary>
    public IEnumerable<(PrincipalId Device, TransferId Transfer, DateTime WrittenAt)> List()
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        foreach (var one in new DirectoryInfo(folder).EnumerateDirectories())
        {
            if (!PrincipalId.TryParse(one.Name, out var device))
            {
                continue;
            }

            foreach (var file in one.EnumerateFiles())
            {
                if (TransferId.TryParse(Path.GetFileNameWithoutExtension(file.Name), out var transfer))
                {
                    yield return (device, transfer, file.LastWriteTimeUtc);
                }
            }
        }
    }

    private string FolderOf(PrincipalId device) => Path.Combine(folder, device.ToString());

    private string PathOf(PrincipalId device, TransferId transfer, string suffix) => Path.Combine(FolderOf(device), transfer + suffix);
}
