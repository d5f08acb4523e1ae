using System.Security.Cryptography;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Commands.Beneath;

/// <summary>What an issuer expects where a file is to be put.</summary>
internal static class Expectation
{
    private const int Piece = 64 * 1024;

    /// <summary>Held between looking at the old file and putting the new one in its place, so that no other command comes between.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>Null when what is there is what was expected; else what it is.</summary>
    /// <param name="place">Where.</param>
    /// <param name="path">For people.</param>
    /// <param name="expected">SHA-256 of the old content; empty: no file; null: whatever is there.</param>
    /// <param name="mostHashed">Larger files are not hashed, and so not what was expected.</param>
    /// <param name="ct">Ends the hashing.</param>
    public static string? Refusal(IPlace place, string path, ReadOnlyMemory<byte>? expected, long mostHashed, CancellationToken ct)
    {
        using var file = place.OpenTarget();
        if (expected is not { Length: > 0 } hash)
        {
            return file is not null && expected is not null ? $"{path} is there already." : null;
        }

        if (file is null)
        {
            return $"There is no {path}, and another content was expected.";
        }

        if (file.Length > mostHashed)
        {
            return $"{path} is longer than {mostHashed} bytes, and so surely not what was expected.";
        }

        var actual = Hash(file, long.MaxValue, ct);
        return actual.AsSpan().SequenceEqual(hash.Span) ? null : $"{path} is another one than was expected: sha256 {Convert.ToHexStringLower(actual)}";
    }

    /// <summary>SHA-256 of the content, or of its first bytes.</summary>
    public static byte[] Hash(IDiskFile file, long most, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, file, most, ct);
        return hash.GetHashAndReset();
    }

    /// <summary>Adds the content, or its first bytes, and returns how many there were.</summary>
    public static long Append(IncrementalHash hash, IDiskFile file, long most, CancellationToken ct)
    {
        var buffer = new byte[Piece];
        long at = 0;
        while (at < most && file.Read(at, buffer.AsSpan(0, (int)Math.Min(Piece, most - at))) is > 0 and var count)
        {
            ct.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, count);
            at += count;
        }

        return at;
    }
}
