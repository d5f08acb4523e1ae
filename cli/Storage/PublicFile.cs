namespace Messaging.Cli.Storage;

/// <summary>A file of any size for others to read, that is whole or absent: written beside its place, where it comes when it is finished.</summary>
internal sealed class PublicFile : IDisposable
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private readonly string _path;
    private readonly string _temporary;
    private bool _isFinished;

    /// <exception cref="IOException">It cannot be written.</exception>
    public PublicFile(string path)
    {
        _path = path;
        _temporary = path + ".new";
        Stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None);
        if (!OperatingSystem.IsWindows())
        {
            // Whatever the umask takes away.
            File.SetUnixFileMode(Stream.SafeFileHandle, Readable);
        }
    }

    public FileStream Stream { get; }

    /// <summary>Durable when this returns.</summary>
    public void Finish()
    {
        Stream.Flush(flushToDisk: true);
        Stream.Dispose();
        File.Move(_temporary, _path, overwrite: true);
        DirectorySync.Run(Path.GetDirectoryName(Path.GetFullPath(_path))!);
        _isFinished = true;
    }

    public void Dispose()
    {
        Stream.Dispose();
        if (!_isFinished)
        {
            File.Delete(_temporary);
        }
    }
}
