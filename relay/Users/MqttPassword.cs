using System.Security.Cryptography;

namespace Messaging.Relay.Users;

/// <summary>A password as it is kept: PBKDF2 with HMAC-SHA256 (RFC 8018), with its cost beside it, so that raising the cost later leaves old ones valid.</summary>
public sealed class MqttPassword
{
    /// <summary>Rounds of a new one.</summary>
    public const int DefaultIterations = 600_000;

    /// <summary>Fewer are refused.</summary>
    public const int MinIterations = 10_000;

    /// <summary>More are refused: one sign-in would keep a processor for seconds.</summary>
    public const int MaxIterations = 10_000_000;

    /// <summary>Bytes of the hash.</summary>
    public const int HashBytes = 32;

    /// <summary>Bytes of the salt, at least.</summary>
    public const int SaltBytes = 16;

    /// <summary>Bytes of the salt, at most.</summary>
    public const int MaxSaltBytes = 64;

    private readonly byte[] _salt;
    private readonly byte[] _hash;

    /// <summary>A password that was hashed before.</summary>
    /// <exception cref="ArgumentException">A length or the cost is outside of its bounds.</exception>
    public MqttPassword(int iterations, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash)
    {
        if (iterations is < MinIterations or > MaxIterations)
        {
            throw new ArgumentException($"The iterations must be {MinIterations} to {MaxIterations}.", nameof(iterations));
        }

        if (salt.Length is < SaltBytes or > MaxSaltBytes)
        {
            throw new ArgumentException($"The salt must have {SaltBytes} to {MaxSaltBytes} bytes.", nameof(salt));
        }

        if (hash.Length != HashBytes)
        {
            throw new ArgumentException($"The hash must have {HashBytes} bytes.", nameof(hash));
        }

        (Iterations, _salt, _hash) = (iterations, salt.ToArray(), hash.ToArray());
    }

    /// <summary>Rounds.</summary>
    public int Iterations { get; }

    /// <summary>The salt.</summary>
    public ReadOnlySpan<byte> Salt => _salt;

    /// <summary>The hash.</summary>
    public ReadOnlySpan<byte> Hash => _hash;

    /// <summary>Nobody's: no password has this hash, and finding out takes as long as with a new one.</summary>
    internal static MqttPassword Nobody { get; } = new(DefaultIterations, RandomNumberGenerator.GetBytes(SaltBytes), RandomNumberGenerator.GetBytes(HashBytes));

    /// <summary>Hashes a new password. It takes a tenth of a second, or several on a small machine.</summary>
    /// <param name="password">As the client sends it: bytes, of text UTF-8.</param>
    /// <param name="iterations">The cost.</param>
    public static MqttPassword Create(ReadOnlySpan<byte> password, int iterations = DefaultIterations)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return new MqttPassword(iterations, salt, Derive(password, salt, iterations));
    }

    /// <summary>Whether the password is the one. It takes as long as <see cref="Create"/>, and as long when it is not.</summary>
    public bool Matches(ReadOnlySpan<byte> password) => CryptographicOperations.FixedTimeEquals(Derive(password, _salt, Iterations), _hash);

    /// <summary>Whether both are the same entry; two of one password are not, since their salts differ.</summary>
    internal bool IsSame(MqttPassword other) =>
        Iterations == other.Iterations && _salt.AsSpan().SequenceEqual(other._salt) && CryptographicOperations.FixedTimeEquals(_hash, other._hash);

    private static byte[] Derive(ReadOnlySpan<byte> password, byte[] salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, HashAlgorithmName.SHA256, HashBytes);
}
