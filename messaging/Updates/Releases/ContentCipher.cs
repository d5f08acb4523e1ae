using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.Updates.Releases;

/// <summary>
/// The encryption of releases and deltas (messaging/spec/protocol.md, section 29): pieces of 65536 bytes, each AES-256-GCM under a key of this target alone. What is
/// opened piece by piece is not whole before the last piece was there.
/// </summary>
public sealed class ContentCipher : IDisposable
{
    /// <summary>The bytes of a piece, but for the last.</summary>
    public const int PieceBytes = 65_536;

    /// <summary>What a piece has more when it is sealed.</summary>
    public const int TagBytes = 16;

    private const int NonceBytes = 12;
    private readonly AesGcm _aes;
    private ulong _number;

    /// <param name="key">The assignment's, 32 bytes.</param>
    /// <param name="target">The path of the target that is sealed so.</param>
    public ContentCipher(ReadOnlySpan<byte> key, string target)
    {
        var info = Encoding.UTF8.GetBytes("messaging/1/update-content" + target);
        Span<byte> own = stackalloc byte[UpdateArguments.KeyBytes];
        HKDF.Expand(HashAlgorithmName.SHA256, key, own, info);
        _aes = new AesGcm(own, TagBytes);
        CryptographicOperations.ZeroMemory(own);
    }

    /// <summary>The bytes of a file with so much content.</summary>
    public static long SealedLength(long length) => length + (TagBytes * Math.Max(1, (length + PieceBytes - 1) / PieceBytes));

    /// <summary>Seals the next piece.</summary>
    /// <param name="piece">All of <see cref="PieceBytes"/>, but for the last.</param>
    /// <param name="isLast">Nothing follows.</param>
    /// <param name="sealedPiece">Gets <see cref="TagBytes"/> more.</param>
    public void Seal(ReadOnlySpan<byte> piece, bool isLast, Span<byte> sealedPiece)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        _aes.Encrypt(Nonce(nonce), piece, sealedPiece[..piece.Length], sealedPiece.Slice(piece.Length, TagBytes), [isLast ? (byte)1 : (byte)0]);
    }

    /// <summary>Opens the next piece.</summary>
    /// <param name="sealedPiece">With its tag.</param>
    /// <param name="isLast">Nothing follows.</param>
    /// <param name="piece">Gets <see cref="TagBytes"/> less.</param>
    /// <returns>False when it was sealed with another key, in another place, or was changed.</returns>
    public bool TryOpen(ReadOnlySpan<byte> sealedPiece, bool isLast, Span<byte> piece)
    {
        if (sealedPiece.Length < TagBytes)
        {
            return false;
        }

        var content = sealedPiece[..^TagBytes];
        Span<byte> nonce = stackalloc byte[NonceBytes];
        try
        {
            _aes.Decrypt(Nonce(nonce), content, sealedPiece[^TagBytes..], piece[..content.Length], [isLast ? (byte)1 : (byte)0]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    private Span<byte> Nonce(Span<byte> nonce)
    {
        BinaryPrimitives.WriteUInt32BigEndian(nonce, 0);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], _number++);
        return nonce;
    }
}
