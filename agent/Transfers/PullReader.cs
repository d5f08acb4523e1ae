using System.Security.Cryptography;
using Messaging.Agent.Commands.Beneath;
using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>
/// Reads a file from its beginning, or from where the client left off, and knows whether it was changed meanwhile. An <see cref="IOException"/>
/// says for people why it does not work. Not thread-safe.
/// </summary>
/// <param name="place">Where it is; disposed with this.</param>
/// <param name="arguments">What was asked for.</param>
internal sealed class PullReader(IPlace place, PullArguments arguments) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private ITargetFile? _file;
    private TargetLook? _before;

    /// <summary>How far it was read.</summary>
    public long At { get; private set; }

    /// <summary>Of the whole file.</summary>
    public long Size { get; private set; }

    /// <summary>Finds it. What the client has of it is hashed, and counts only when that is how this file begins.</summary>
    public FileStart Begin(CancellationToken ct)
    {
        _file = place.OpenTarget() ?? throw new IOException($"There is no {arguments.Path}.");
        _before = _file.Look();
        Size = _before.Size;
        if (Size > arguments.Largest)
        {
            throw new IOException($"{arguments.Path} has {Size} bytes, more than the {arguments.Largest} that you take.");
        }

        if (arguments.Prefix is { } prefix && arguments.Offset <= Size)
        {
            At = Expectation.Append(_hash, _file, arguments.Offset, ct);
            if (At != arguments.Offset || !_hash.GetCurrentHash().AsSpan().SequenceEqual(prefix.Span))
            {
                _ = _hash.GetHashAndReset();
                At = 0;
            }
        }

        return new FileStart(Size, At, _before.Mode);
    }

    /// <summary>The next bytes; empty at the end.</summary>
    public ReadOnlyMemory<byte> Read(int most)
    {
        var bytes = new byte[(int)Math.Min(most, Size - At)];
        if (_file!.Read(At, bytes) != bytes.Length)
        {
            throw Changed();
        }

        _hash.AppendData(bytes);
        At += bytes.Length;
        return bytes;
    }

    /// <summary>SHA-256 of the whole, which is what it was at the beginning.</summary>
    public byte[] Finish()
    {
        // A file of the kernel says that it is empty, and is not.
        if (_file!.Read(Size, new byte[1]) != 0)
        {
            throw Size == 0 ? new IOException($"{arguments.Path} does not say how long it is; file-read reads such files.") : Changed();
        }

        return _file.Look() == _before ? _hash.GetHashAndReset() : throw Changed();
    }

    public void Dispose()
    {
        _file?.Dispose();
        place.Dispose();
        _hash.Dispose();
    }

    private IOException Changed() => new($"{arguments.Path} was changed while it was read. Pull it again when nobody writes to it.");
}
