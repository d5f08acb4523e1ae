using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.FleetServer.Access;

/// <summary>
/// Random secrets of 256 bits as text. They need no slow hash: nobody can guess one, so SHA-256 is what is stored of them.
/// </summary>
internal static class SecretText
{
    private const int Bytes = 32;

    public static string Create() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>32 lower hex digits: names something, is no secret.</summary>
    public static string CreateId() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>64 lower hex digits.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>A secret of its own, derived from another one: it needs no place in the database.</summary>
    public static string Derive(string secret, string purpose) => Base64Url.EncodeToString(
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(purpose)));

    /// <summary>Compares without telling by its duration where the first difference is.</summary>
    public static bool FixedTimeEquals(string left, string right) => CryptographicOperations.FixedTimeEquals(
        SHA256.HashData(Encoding.UTF8.GetBytes(left)), SHA256.HashData(Encoding.UTF8.GetBytes(right)));
}
