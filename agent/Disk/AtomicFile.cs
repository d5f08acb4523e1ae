namespace Messaging.Agent.Disk;

/// <summary>Whole small files that are either the old or the new content, whatever happens in between.</summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".new";

    /// <summary>Returns when the new content survives a power cut.</summary>
    /// <exception cref="IOException">The old content is still in place.</exception>
    public static void Write(IDisk disk, string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + TemporarySuffix;
        using (var file = disk.Open(temporary, create: true))
        {
            file.SetLength(0);
            file.Write(0, content);
            file.Sync();
        }

        disk.Rename(temporary, path);
        disk.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Null when there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read, or is longer than <paramref name="limit"/> bytes.</exception>
    public static byte[]? Read(IDisk disk, string path, int limit)
    {
        if (!disk.Exists(path))
        {
            return null;
        }

        using var file = disk.Open(path, create: false);
        var length = file.Length;
        if (length > limit)
        {
            throw new IOException($"{path} has {length} bytes, more than the {limit} that it can have");
        }

        var content = new byte[length];
        return content[..file.Read(0, content)];
    }
}
