using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Collect.Kernel;

/// <summary>
/// Reads small kernel files whole into one buffer that is kept. Not thread-safe; the text of a read is valid until the next one.
/// </summary>
internal sealed unsafe class KernelReader
{
    /// <summary>No file of /proc or /sys that is read here comes near this; the bound stops a runaway.</summary>
    private const int MaxBytes = 4 * 1024 * 1024;

    private byte[] _buffer = new byte[4096];

    /// <summary>The whole content.</summary>
    /// <exception cref="IOException">The file cannot be read; the message says which and why.</exception>
    public ReadOnlySpan<byte> Read(in KernelPath path)
    {
        if (!TryRead(path.Bytes, out var content, out var error))
        {
            throw new IOException($"{path.Text}: {new Win32Exception(error).Message}");
        }

        return content;
    }

    public bool TryRead(in KernelPath path, out ReadOnlySpan<byte> content) => TryRead(path.Bytes, out content, out _);

    /// <param name="path">UTF-8, ends with a zero.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="error">errno when false.</param>
    public bool TryRead(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> content, out int error)
    {
        content = default;
        error = 0;
        int fd;
        fixed (byte* pointer = path)
        {
            fd = LibC.Open(pointer, LibC.ReadOnly | LibC.CloseOnExec);
        }

        if (fd < 0)
        {
            error = Marshal.GetLastPInvokeError();
            return false;
        }

        try
        {
            var length = 0;
            while (true)
            {
                if (length == _buffer.Length)
                {
                    if (length >= MaxBytes)
                    {
                        break;
                    }

                    Array.Resize(ref _buffer, length * 2);
                }

                nint count;
                fixed (byte* pointer = &_buffer[length])
                {
                    count = LibC.Read(fd, pointer, _buffer.Length - length);
                }

                if (count > 0)
                {
                    length += (int)count;
                    continue;
                }

                if (count == 0)
                {
                    break;
                }

                error = Marshal.GetLastPInvokeError();
                if (error != LibC.Interrupted)
                {
                    return false;
                }
            }

            content = _buffer.AsSpan(0, length);
            return true;
        }
        finally
        {
            _ = LibC.Close(fd);
        }
    }
}
