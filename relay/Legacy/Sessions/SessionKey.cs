using System.Security.Cryptography;
using System.Text;

namespace Messaging.Relay.Legacy.Sessions;

/// <summary>What is kept of a session's id, in memory and on the disk: who reads either can go on in no session.</summary>
internal readonly record struct SessionKey(UInt128 Value)
{
    public const int Size = 16;

    /// <summary>Hexadecimal digits of a new id.</summary>
    private const int IdDigits = 48;

    /// <summary>An id that nobody guesses.</summary>
    public static string NewId() => RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);

    /// <summary>The first 16 bytes of SHA-256 over an id.</summary>
    public static SessionKey Of(string id) =>
        new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(id))));

    public static SessionKey Read(ReadOnlySpan<byte> bytes) => new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public void CopyTo(Span<byte> destination) => System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, Value);
}
