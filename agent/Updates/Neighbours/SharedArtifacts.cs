using System.Globalization;
using System.Security.Cryptography;
using Messaging.Agent.Disk;
using Messaging.Agent.Local;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// The artifacts that came last, as they stand in the repository, in a folder of the agent's own: <c>NUMBER-SHA256</c>, each moved there when it was verified, and the oldest deleted for the newest.
/// What was there at the start is verified again before anybody gets it. Thread-safe.
/// </summary>
internal sealed class SharedArtifacts
{
    private const int NumberDigits = 10;
    private const int HashDigits = SHA256.HashSizeInBytes * 2;
    private const int BlockBytes = 64 * 1024;
    private readonly Lock _gate = new();
    private readonly List<SharedArtifact> _all = [];
    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly long _maxBytes;
    private readonly long _keepFree;

    /// <param name="disk">The disk.</param>
    /// <param name="folder">The folder, which is there.</param>
    /// <param name="maxBytes">Of all of them; 0: none are kept.</param>
    /// <param name="keepFree">Bytes that stay free of the file system.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public SharedArtifacts(IDisk disk, string folder, long maxBytes, long keepFree)
    {
        (_disk, _folder, _maxBytes, _keepFree) = (disk, folder, maxBytes, keepFree);
        foreach (var name in disk.List(folder))
        {
            if (TryRead(name, out var number, out var sha256))
            {
                using var file = disk.Open(Path.Combine(folder, name), create: false);
                _all.Add(new SharedArtifact(Path.Combine(folder, name), number, sha256, file.Length, isVerified: false));
            }
        }

        _all.Sort(static (one, other) => one.Number.CompareTo(other.Number));
        try
        {
            MakeRoom(0);
        }
        catch (IOException)
        {
            // A disk that only reads: it is tried again with the next one.
        }
    }

    /// <summary>Moves a file here that was just verified and is durable, or deletes it where it is too large. Another one with the same content goes.</summary>
    /// <exception cref="IOException">The disk failed; it may be at either place.</exception>
    public void Take(string path, byte[] sha256)
    {
        lock (_gate)
        {
            long length;
            using (var file = _disk.Open(path, create: false))
            {
                length = file.Length;
            }

            if (length > _maxBytes || (_disk.Space(_folder) is { } space && space.Free < _keepFree))
            {
                _disk.Delete(path);
                return;
            }

            MakeRoom(length, sha256);
            var number = _all.Count > 0 ? _all[^1].Number + 1 : 1;
            var to = Path.Combine(_folder, string.Concat(number.ToString("D10", CultureInfo.InvariantCulture), "-", Convert.ToHexStringLower(sha256)));
            _disk.Rename(path, to);
            _disk.SyncDirectory(_folder);
            _all.Add(new SharedArtifact(to, number, sha256, length, isVerified: true));
        }
    }

    /// <summary>How many there are, and their bytes.</summary>
    public (int Count, long Bytes) Sum()
    {
        lock (_gate)
        {
            var bytes = 0L;
            foreach (var one in _all)
            {
                bytes += one.Length;
            }

            return (_all.Count, bytes);
        }
    }

    /// <summary>What a question is about; null: it is not here. One that is not verified yet is given to one caller at a time, who has to verify it.</summary>
    public SharedArtifact? Find(ReadOnlySpan<byte> question)
    {
        lock (_gate)
        {
            foreach (var one in _all)
            {
                if (NeighbourWord.IsAbout(question, one.Sha256))
                {
                    var isTaken = one.IsBeingVerified;
                    one.IsBeingVerified = !one.IsVerified;
                    return isTaken ? null : one;
                }
            }

            return null;
        }
    }

    /// <summary>Opens what was verified; null: it is not here. What is a link is not followed.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public SafeFileHandle? Open(string sha256, out long length)
    {
        lock (_gate)
        {
            foreach (var one in _all)
            {
                if (one.IsVerified && Convert.ToHexStringLower(one.Sha256) == sha256)
                {
                    length = one.Length;
                    return NoFollowFile.Open(one.Path);
                }
            }

            length = 0;
            return null;
        }
    }

    /// <summary>Reads all of it; what is not what it was, is deleted.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public void Verify(SharedArtifact one)
    {
        try
        {
            using (var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
            using (var file = NoFollowFile.Open(one.Path))
            {
                var block = new byte[BlockBytes];
                int read;
                for (long offset = 0; (read = RandomAccess.Read(file, block, offset)) > 0; offset += read)
                {
                    hash.AppendData(block, 0, read);
                }

                one.IsVerified = hash.GetHashAndReset().AsSpan().SequenceEqual(one.Sha256);
            }

            if (!one.IsVerified)
            {
                Delete(one);
            }
        }
        finally
        {
            lock (_gate)
            {
                one.IsBeingVerified = false;
            }
        }
    }

    /// <summary>All of them go: their room is needed.</summary>
    /// <exception cref="IOException">Some may still be there.</exception>
    public void Clear()
    {
        lock (_gate)
        {
            while (_all.Count > 0)
            {
                Delete(_all[0]);
            }
        }
    }

    private void MakeRoom(long needed, byte[]? same = null)
    {
        var sum = needed;
        for (var i = _all.Count - 1; i >= 0; i--)
        {
            sum += _all[i].Length;
            if (sum > _maxBytes || (same is not null && same.AsSpan().SequenceEqual(_all[i].Sha256)))
            {
                sum -= _all[i].Length;
                Delete(_all[i]);
            }
        }
    }

    private void Delete(SharedArtifact one)
    {
        lock (_gate)
        {
            if (_disk.Exists(one.Path))
            {
                _disk.Delete(one.Path);
                _disk.SyncDirectory(_folder);
            }

            _all.Remove(one);
        }
    }

    private static bool TryRead(string name, out long number, out byte[] sha256)
    {
        (number, sha256) = (0, []);
        if (name.Length != NumberDigits + 1 + HashDigits
            || name[NumberDigits] != '-'
            || !long.TryParse(name.AsSpan(0, NumberDigits), NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            return false;
        }

        sha256 = new byte[SHA256.HashSizeInBytes];
        return Convert.FromHexString(name.AsSpan(NumberDigits + 1), sha256, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
