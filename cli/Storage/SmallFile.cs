namespace Messaging.Cli.Storage;

/// <summary>Files of which it is known how long they may be.</summary>
internal static class SmallFile
{
    /// <exception cref="IOException">It cannot be read, or is longer.</exception>
    public static byte[] Read(string path, int maxBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return Read(file, path, maxBytes);
    }

    /// <inheritdoc cref="Read(string, int)"/>
    public static byte[] Read(Stream file, string path, int maxBytes)
    {
        var buffer = new byte[maxBytes + 1];
        var length = file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var content = buffer.AsSpan(0, length).ToArray();
        Array.Clear(buffer);
        return length <= maxBytes ? content : throw new IOException($"{path} has more than the {maxBytes} bytes that such a file can have.");
    }
}
