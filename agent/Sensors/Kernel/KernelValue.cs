using System.Buffers.Text;
using System.ComponentModel;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Sensors.Kernel;

/// <summary>A file of the kernel that holds one number. Not thread-safe.</summary>
internal sealed class KernelValue
{
    private const int NoSuchFile = 2;
    private readonly KernelReader _reader = new();

    /// <exception cref="IOException">It cannot be read, or holds no number; the message says which and why.</exception>
    public double Read(in KernelPath path)
    {
        if (!_reader.TryRead(path.Bytes, out var text, out var error))
        {
            throw new IOException(error == NoSuchFile ? $"{path.Text} is not there" : $"{path.Text}: {new Win32Exception(error).Message}");
        }

        text = text.Trim(" \t\r\n"u8);
        return Utf8Parser.TryParse(text, out double value, out var used) && used == text.Length
            ? value
            : throw new IOException($"{path.Text} holds no number");
    }

    /// <summary>Of files that not every driver has.</summary>
    public double ReadOr(in KernelPath path, double missing)
    {
        if (!File.Exists(path.Text))
        {
            return missing;
        }

        return Read(path);
    }

    /// <summary>Null when there is no such file or it cannot be read.</summary>
    public string? TryReadLine(string path) =>
        _reader.TryRead(new KernelPath(path), out var text) ? System.Text.Encoding.UTF8.GetString(text).Trim() : null;
}
