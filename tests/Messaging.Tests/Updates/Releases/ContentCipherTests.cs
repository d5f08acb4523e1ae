using System.Security.Cryptography;
using Messaging.Updates.Releases;

namespace Messaging.Tests.Updates.Releases;

public sealed class ContentCipherTests
{
    private const int Sealed = ContentCipher.PieceBytes + ContentCipher.TagBytes;
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(UpdateArguments.KeyBytes);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(ContentCipher.PieceBytes - 1)]
    [InlineData(ContentCipher.PieceBytes)]
    [InlineData(ContentCipher.PieceBytes + 1)]
    [InlineData(3 * ContentCipher.PieceBytes)]
    public void Open_WhatWasSealed_IsTheContent(int length)
    {
        var content = RandomNumberGenerator.GetBytes(length);

        var file = Seal(content);

        Assert.Equal(ContentCipher.SealedLength(length), file.Length);
        Assert.Equal(content, Open(file, Key, "a/b"));
    }

    [Fact]
    public void Open_WhatWasChanged_IsRefused()
    {
        var content = RandomNumberGenerator.GetBytes((2 * ContentCipher.PieceBytes) + 5);
        var (file, target) = (Seal(content), "a/b");

        Assert.Null(Open(file, RandomNumberGenerator.GetBytes(UpdateArguments.KeyBytes), target));
        Assert.Null(Open(file, Key, "a/c"));
        Assert.Null(Open([.. file[..9], (byte)(file[9] ^ 1), .. file[10..]], Key, target));

        // Cut off behind a whole piece, pieces in another order, one twice, something behind the last.
        Assert.Null(Open(file[..(2 * Sealed)], Key, target));
        Assert.Null(Open([.. file[Sealed..(2 * Sealed)], .. file[..Sealed], .. file[(2 * Sealed)..]], Key, target));
        Assert.Null(Open([.. file[..Sealed], .. file], Key, target));
        Assert.Null(Open([.. file, 0], Key, target));
        Assert.Null(Open([], Key, target));
        Assert.Null(Open(file[..7], Key, target));
    }

    private static byte[] Seal(byte[] content)
    {
        using var cipher = new ContentCipher(Key, "a/b");
        var file = new List<byte>();
        var pieces = content.Length == 0 ? [[]] : content.Chunk(ContentCipher.PieceBytes).ToArray();
        for (var i = 0; i < pieces.Length; i++)
        {
            var piece = new byte[pieces[i].Length + ContentCipher.TagBytes];
            cipher.Seal(pieces[i], i == pieces.Length - 1, piece);
            file.AddRange(piece);
        }

        return [.. file];
    }

    /// <summary>Null when it is refused.</summary>
    private static byte[]? Open(byte[] file, byte[] key, string target)
    {
        using var cipher = new ContentCipher(key, target);
        var content = new List<byte>();
        var pieces = file.Length == 0 ? [[]] : file.Chunk(Sealed).ToArray();
        for (var i = 0; i < pieces.Length; i++)
        {
            var piece = new byte[Math.Max(0, pieces[i].Length - ContentCipher.TagBytes)];
            if (!cipher.TryOpen(pieces[i], i == pieces.Length - 1, piece))
            {
                return null;
            }

            content.AddRange(piece);
        }

        return [.. content];
    }
}
