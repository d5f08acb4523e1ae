namespace Messaging.Cli.Storage;

/// <summary>Files that are whole or absent after a power cut, readable by their owner alone unless they are said to be public (on Windows: as the folder is).</summary>
internal static class DurableFile
{
    private const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode PublicFile = OwnerFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>Creates the folder with mode 0700 where it is missing.</summary>
    public static void CreatePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnerFile | UnixFileMode.UserExecute);
        }
    }

    /// <summary>Creates the file; durable when this returns.</summary>
    /// <exception cref="IOException">There is one already, or it could not be made durable.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content) => Write(path, content, OwnerFile, overwrite: false);

    /// <summary>Creates or replaces the file; durable when this returns.</summary>
    /// <exception cref="IOException">It could not be made durable; the old content is still there.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content) => Write(path, content, OwnerFile, overwrite: true);

    /// <summary>The same for others to read, such as a web server of another user.</summary>
    /// <exception cref="IOException">It could not be made durable; the old content is still there.</exception>
    public static void ReplacePublic(string path, ReadOnlySpan<byte> content) => Write(path, content, PublicFile, overwrite: true);

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool overwrite)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                if (!OperatingSystem.IsWindows())
                {
                    // Whatever the umask takes away.
                    File.SetUnixFileMode(stream.SafeFileHandle, mode);
                }

                stream.Write(content);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        DirectorySync.Run(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }
}
