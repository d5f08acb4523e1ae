using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Sessions;

namespace Messaging.Cli.Sessions;

/// <summary>
/// Where a file that is pulled goes: written beside it under another name, which it loses only when it is whole, verified and on the disk. What came
/// before a session died stays there, and the same pull goes on with it. Not thread-safe.
/// </summary>
internal sealed class PullTarget : IDisposable
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Group and others read what they may read on the device, and write nothing.</summary>
    private const int KeptMode = 0x1ed;
    private readonly string _path;
    private readonly string _partial;
    private readonly bool _overwrites;
    private readonly FileStream _file;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private FileStart? _start;

    private PullTarget(string path, string partial, bool overwrites, FileStream file)
    {
        _path = path;
        _partial = partial;
        _overwrites = overwrites;
        _file = file;
    }

    /// <summary>How many bytes are there.</summary>
    public long Length { get; private set; }

    /// <summary>SHA-256 of these; null when there are none.</summary>
    public ReadOnlyMemory<byte>? Prefix { get; private set; }

    /// <summary>SHA-256 of the whole, once it is stored.</summary>
    public byte[] Sha256 { get; private set; } = [];

    /// <summary>Where what came waits for the rest.</summary>
    public string Partial => _partial;

    /// <summary>It is where it belongs.</summary>
    public bool IsStored { get; private set; }

    /// <param name="path">The file.</param>
    /// <param name="overwrites">There may be one.</param>
    /// <param name="progress">Hears how much of what is there is hashed.</param>
    /// <param name="ct">Ends it.</param>
    /// <exception cref="CliException">There is one.</exception>
    /// <exception cref="IOException">It cannot be written, or another pull writes it.</exception>
    public static async Task<PullTarget> OpenAsync(string path, bool overwrites, Action<long> progress, CancellationToken ct)
    {
        var full = Path.GetFullPath(path);
        if (!overwrites && Path.Exists(full))
        {
            throw new CliException($"{path} is there already. --force replaces it.");
        }

        var partial = Path.Combine(Path.GetDirectoryName(full)!, $".{Path.GetFileName(full)}.part");
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerFile;
        }

        var target = new PullTarget(full, partial, overwrites, new FileStream(partial, options));
        try
        {
            target.Length = await HashedFile.AppendAsync(target._hash, target._file, progress, ct);
            target.Prefix = target.Length > 0 ? target._hash.GetCurrentHash() : default(ReadOnlyMemory<byte>?);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>Free bytes of its disk, besides what is there; null when it does not say.</summary>
    public long? Room() => new DriveInfo(Path.GetDirectoryName(_path)!) is { IsReady: true } drive ? drive.AvailableFreeSpace + Length : null;

    /// <summary>The device begins here: where the rest does not fit what is there, at the beginning.</summary>
    public void Begin(FileStart start)
    {
        _start = start;
        if (start.Offset != Length)
        {
            if (start.Offset != 0)
            {
                throw new CliException("The device begins in the middle of the file.");
            }

            _ = _hash.GetHashAndReset();
            _file.SetLength(0);
            Length = 0;
        }

        _file.Position = Length;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _start!.Size - Length)
        {
            throw new CliException("The device sends more than the file has.");
        }

        _file.Write(bytes);
        _hash.AppendData(bytes);
        Length += bytes.Length;
    }

    /// <summary>The last byte is there: it becomes the file, durably.</summary>
    public void Finish(ReadOnlySpan<byte> sha256)
    {
        if (Length != _start!.Size || !_hash.GetHashAndReset().AsSpan().SequenceEqual(sha256))
        {
            // Whatever is wrong with it: going on with it makes it no better.
            _file.SetLength(0);
            Length = 0;
            throw new CliException("What came is not the file of the device. Nothing of it is kept; pull it again.");
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_file.SafeFileHandle, (UnixFileMode)(_start.Mode & KeptMode) | OwnerFile);
        }

        _file.Flush(flushToDisk: true);
        _file.Dispose();
        File.Move(_partial, _path, _overwrites);
        DirectorySync.Run(Path.GetDirectoryName(_path)!);
        (IsStored, Sha256) = (true, sha256.ToArray());
    }

    /// <summary>What came stays, unless it is nothing.</summary>
    public void Dispose()
    {
        if (!IsStored && Length == 0)
        {
            File.Delete(_partial);
        }

        _file.Dispose();
        _hash.Dispose();
    }
}
