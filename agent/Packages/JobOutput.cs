using System.Text;

namespace Messaging.Agent.Packages;

/// <summary>What a job writes: kept in a file, up to a limit, and handed to whoever follows, while it is written. Thread-safe.</summary>
internal sealed class JobOutput : IDisposable
{
    /// <summary>More is thrown away, but for what is said at the end.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isCut;

    /// <exception cref="IOException">It cannot be written.</exception>
    public JobOutput(string path)
    {
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        Length = _file.Length;
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>What came of it; null as long as it goes on.</summary>
    public PackageAnswer? Answer { get; private set; }

    /// <summary>What the one who works writes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_isCut)
            {
                return;
            }

            _isCut = Length + bytes.Length > MaxBytes;
            Append(_isCut ? "\n[What was written after this is not kept.]\n"u8 : bytes);
        }
    }

    /// <summary>What the helper says itself, on a line of its own. It is kept whatever came before.</summary>
    public void Say(string line)
    {
        lock (_gate)
        {
            Append(Encoding.UTF8.GetBytes(line + "\n"));
        }
    }

    /// <summary>It has ended, durably.</summary>
    public void End(PackageAnswer answer)
    {
        lock (_gate)
        {
            Answer = answer;
            Tell();
        }
    }

    /// <summary>To the disk.</summary>
    public void Sync() => _file.Flush(flushToDisk: true);

    /// <summary>What is there from an offset on; nothing when it has ended and all is read. Waits for more.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(long offset, byte[] buffer, CancellationToken ct)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (offset < Length)
                {
                    return buffer.AsMemory(0, RandomAccess.Read(_file.SafeFileHandle, buffer, offset));
                }

                if (Answer is not null)
                {
                    return default;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(ct);
        }
    }

    public void Dispose() => _file.Dispose();

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(_file.SafeFileHandle, bytes, Length);
            Length += bytes.Length;
        }
        catch (IOException)
        {
            // The disk is full, perhaps by what is installed: that goes on, and its output ends here.
            _isCut = true;
        }

        Tell();
    }

    private void Tell()
    {
        _changed.TrySetResult();
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
