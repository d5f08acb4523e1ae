using System.Security.Cryptography;
using Messaging.Agent.Commands.Beneath;
using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>
/// Writes a file beside the one that it replaces, and gives it the name only when it is whole, is what was announced, and survives a power cut:
/// under its name there is always the old one or the new one. An <see cref="IOException"/> says for people why it does not work. Not thread-safe.
/// </summary>
internal sealed class PushWriter(IPlaces places, Partials partials, PushOrder order, long keepFree) : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private IPlace? _place;
    private IPlacedFile? _file;
    private Partial? _partial;
    private long _syncedAt;

    /// <summary>Bytes after which they are put on the medium and the room is looked at: the kernel gathers no more than this, and the end comes soon.</summary>
    public long SyncEvery { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many bytes are there.</summary>
    public long Written { get; private set; }

    public bool IsWhole => Written == Arguments.Size;

    /// <summary>The new file has its name.</summary>
    public bool IsPlaced { get; private set; }

    private PushArguments Arguments => order.Arguments;

    /// <summary>Looks at what is there and goes on where the same push before left off.</summary>
    /// <param name="stop">Ends this push from elsewhere, when the same one comes once more.</param>
    /// <param name="ct">Ends the hashing.</param>
    public FileStart Begin(Action stop, CancellationToken ct)
    {
        _place = places.Open(order.Root, order.Names);
        Expect(ct);
        _partial = partials.Take(order.Root, Arguments.Path, Arguments.Size, Arguments.Sha256.Span, stop);
        try
        {
            _file = _place.Open(_partial.Temporary) ?? _place.Create(_partial.Temporary);
        }
        catch (IOException)
        {
            partials.Remove(_partial);
            _partial = null;
            throw;
        }

        if (_file.Length > Arguments.Size)
        {
            _file.SetLength(0);
        }

        Written = _syncedAt = Expectation.Append(_hash, _file, Arguments.Size, ct);
        HaveRoom(Arguments.Size - Written);
        return new FileStart(Arguments.Size, Written, Arguments.Mode);
    }

    /// <summary>The next bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > Arguments.Size - Written)
        {
            throw new IOException($"More came than the {Arguments.Size} bytes that were announced. Nothing was changed.");
        }

        _hash.AppendData(bytes);
        _file!.Write(Written, bytes);
        Written += bytes.Length;
        if (Written - _syncedAt >= SyncEvery)
        {
            _file.Sync();
            _syncedAt = Written;
            HaveRoom(0);
        }
    }

    /// <summary>All of it is there: puts it in its place, durably.</summary>
    /// <param name="mayPlace">Asked once, just before; false: it was ended meanwhile.</param>
    /// <param name="ct">Ends it before.</param>
    /// <returns>What has happened, for people; null when it was ended.</returns>
    public string? Finish(Func<bool> mayPlace, CancellationToken ct)
    {
        var sha256 = _hash.GetHashAndReset();
        if (!IsWhole || !sha256.AsSpan().SequenceEqual(Arguments.Sha256.Span))
        {
            throw new IOException($"What came is not what was announced: its sha256 is {Convert.ToHexStringLower(sha256)}. Nothing was changed; push it again.");
        }

        _file!.ChangeMode(Arguments.Mode);
        _file.Sync();
        lock (Expectation.Gate)
        {
            Expect(ct);
            if (!mayPlace())
            {
                return null;
            }

            IsPlaced = _place!.Put(_partial!.Temporary, Arguments.Expected is { Length: 0 });
        }

        if (!IsPlaced)
        {
            throw new IOException($"{Arguments.Path} is there already.");
        }

        _place.Sync();
        return $"{Arguments.Size} bytes; sha256 {Convert.ToHexStringLower(sha256)}";
    }

    /// <summary>Lets go of it.</summary>
    /// <param name="keeps">What is there of it may be gone on with.</param>
    public void End(bool keeps)
    {
        _file?.Dispose();
        _place?.Dispose();
        if (_partial is { } partial)
        {
            _partial = null;
            if (IsPlaced)
            {
                partials.Forget(partial);
            }
            else if (keeps && Written > 0)
            {
                partials.Keep(partial);
            }
            else
            {
                partials.Remove(partial);
            }
        }
    }

    public void Dispose()
    {
        End(keeps: false);
        _hash.Dispose();
    }

    private void Expect(CancellationToken ct)
    {
        if (Expectation.Refusal(_place!, Arguments.Path, Arguments.Expected, long.MaxValue, ct) is { } problem)
        {
            throw new IOException(problem);
        }
    }

    /// <summary>What is kept for others goes first.</summary>
    private void HaveRoom(long needed)
    {
        while (_place!.Space() is { } space && space.Free - needed < keepFree)
        {
            if (!partials.RemoveOldest())
            {
                throw new IOException($"{needed} bytes more do not fit for {Arguments.Path}: {space.Free} are free, and {keepFree} of them stay free (Sessions:KeepFree).");
            }
        }
    }
}
