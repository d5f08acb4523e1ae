using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>Encrypts and decrypts whole files as releases are (messaging/spec/protocol.md, section 29).</summary>
internal static class ContentSealing
{
    /// <summary>Writes the encrypted file. No key may ever seal two contents for one target.</summary>
    /// <param name="content">What is sealed.</param>
    /// <param name="key">The release's.</param>
    /// <param name="target">The path of the target that it will be.</param>
    /// <param name="to">The file; there is none yet.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task SealAsync(HashedContent content, byte[] key, string target, string to, CancellationToken ct)
    {
        using var cipher = new ContentCipher(key, target);
        await using var from = HashedContent.Open(content.Path);
        await using var file = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var (piece, sealedPiece) = (new byte[ContentCipher.PieceBytes], new byte[ContentCipher.PieceBytes + ContentCipher.TagBytes]);
        long done = 0;
        do
        {
            var length = await from.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, ct);
            done += length;
            cipher.Seal(piece.AsSpan(0, length), done >= content.Length, sealedPiece);
            await file.WriteAsync(sealedPiece.AsMemory(0, length + ContentCipher.TagBytes), ct);
        }
        while (done < content.Length);
    }

    /// <summary>Writes the content of an encrypted file. Its hash is the caller's to compare.</summary>
    /// <returns>False when it was encrypted with another key or for another target, or was changed.</returns>
    public static async Task<bool> TryOpenAsync(string path, byte[] key, string target, string to, CancellationToken ct)
    {
        using var cipher = new ContentCipher(key, target);
        await using var from = HashedContent.Open(path);
        await using var file = new FileStream(to, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        var (sealedPiece, piece) = (new byte[ContentCipher.PieceBytes + ContentCipher.TagBytes], new byte[ContentCipher.PieceBytes]);
        do
        {
            var length = await from.ReadAtLeastAsync(sealedPiece, sealedPiece.Length, throwOnEndOfStream: false, ct);
            if (!cipher.TryOpen(sealedPiece.AsSpan(0, length), from.Position >= from.Length, piece))
            {
                return false;
            }

            await file.WriteAsync(piece.AsMemory(0, length - ContentCipher.TagBytes), ct);
        }
        while (from.Position < from.Length);

        return true;
    }
}
