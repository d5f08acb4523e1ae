using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>
/// What is asked and answered on a link (protocol, section 31), 40 bytes either way: "MSGN", version, kind, a number, a nonce of 16 bytes, and a proof of 16 bytes that whoever wrote it knows which artifact it is about.
/// Who does not know it learns nothing of it.
/// </summary>
internal static class NeighbourWord
{
    public const int Bytes = 40;
    public const int NonceBytes = 16;

    /// <summary>The number of a question that everybody answers who can; half of it, every second one.</summary>
    public const int Everybody = ushort.MaxValue;

    private const byte Version = 1;
    private const byte QuestionKind = 1;
    private const byte AnswerKind = 2;
    private const int NonceAt = 8;
    private const int ProofAt = NonceAt + NonceBytes;

    private static ReadOnlySpan<byte> Magic => "MSGN"u8;

    /// <summary>Who has it?</summary>
    /// <param name="nonce">16 bytes that were not used before.</param>
    /// <param name="share">How many of those who have it answer, of 65535.</param>
    /// <param name="sha256">The artifact.</param>
    public static byte[] Question(ReadOnlySpan<byte> nonce, int share, ReadOnlySpan<byte> sha256) => Write(QuestionKind, nonce, share, sha256);

    /// <summary>I have it, at this port.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> nonce, int port, ReadOnlySpan<byte> sha256) => Write(AnswerKind, nonce, port, sha256);

    /// <summary>Whether it is a question, and how many answer it.</summary>
    public static bool TryReadQuestion(ReadOnlySpan<byte> word, out int share) => TryRead(word, QuestionKind, out share);

    /// <summary>Whether it answers a question of this nonce, and with which port. Those of the system are none.</summary>
    public static bool TryReadAnswer(ReadOnlySpan<byte> word, ReadOnlySpan<byte> nonce, out int port) =>
        TryRead(word, AnswerKind, out port) && port >= 1024 && Nonce(word).SequenceEqual(nonce);

    public static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> word) => word.Slice(NonceAt, NonceBytes);

    /// <summary>Whether it is about this artifact.</summary>
    public static bool IsAbout(ReadOnlySpan<byte> word, ReadOnlySpan<byte> sha256)
    {
        Span<byte> proof = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(sha256, word[..ProofAt], proof);
        return CryptographicOperations.FixedTimeEquals(proof[..(Bytes - ProofAt)], word[ProofAt..]);
    }

    private static byte[] Write(byte kind, ReadOnlySpan<byte> nonce, int number, ReadOnlySpan<byte> sha256)
    {
        var word = new byte[Bytes];
        Magic.CopyTo(word);
        (word[4], word[5]) = (Version, kind);
        BinaryPrimitives.WriteUInt16BigEndian(word.AsSpan(6), (ushort)number);
        nonce.CopyTo(word.AsSpan(NonceAt, NonceBytes));
        Span<byte> proof = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(sha256, word.AsSpan(0, ProofAt), proof);
        proof[..(Bytes - ProofAt)].CopyTo(word.AsSpan(ProofAt));
        return word;
    }

    private static bool TryRead(ReadOnlySpan<byte> word, byte kind, out int number)
    {
        var isOne = word.Length == Bytes && word.StartsWith(Magic) && word[4] == Version && word[5] == kind;
        number = isOne ? BinaryPrimitives.ReadUInt16BigEndian(word[6..]) : 0;
        return isOne;
    }
}
