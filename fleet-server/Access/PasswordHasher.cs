using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;

namespace Messaging.FleetServer.Access;

/// <summary>
/// Argon2id (RFC 9106) with its parameters kept beside the hash, in the PHC string format
/// <c>$argon2id$v=19$m=65536,t=3,p=1$salt$hash</c>: raising the cost later leaves old hashes valid.
/// </summary>
internal sealed class PasswordHasher : IDisposable
{
    /// <summary>KiB.</summary>
    public const int Memory = 64 * 1024;
    public const int Passes = 3;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;
    private const string Prefix = "$argon2id$v=19$";

    /// <summary>Each run takes 64 MiB: a flood of sign-ins must queue, not eat the memory.</summary>
    private readonly SemaphoreSlim _slots = new(Math.Clamp(Environment.ProcessorCount, 1, 4));

    public async Task<string> HashAsync(string password, CancellationToken cancellationToken)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var hash = await DeriveAsync(password, salt, Memory, Passes, cancellationToken);
        return $"{Prefix}m={Memory},t={Passes},p=1${Encode(salt)}${Encode(hash)}";
    }

    /// <summary>Whether the password is the one; a hash of null costs the same time and is never the one.</summary>
    /// <exception cref="FormatException">The stored hash is damaged.</exception>
    public async Task<bool> VerifyAsync(string password, string? stored, CancellationToken cancellationToken)
    {
        if (stored is null)
        {
            await DeriveAsync(password, new byte[SaltBytes], Memory, Passes, cancellationToken);
            return false;
        }

        var (memory, passes, salt, expected) = Parse(stored);
        var actual = await DeriveAsync(password, salt, memory, passes, cancellationToken);
        return CryptographicOperations.FixedTimeEquals(actual, expected);
    }

    /// <summary>Whether the hash was made with less than today's cost.</summary>
    public static bool IsOutdated(string stored)
    {
        var (memory, passes, _, _) = Parse(stored);
        return memory < Memory || passes < Passes;
    }

    public void Dispose() => _slots.Dispose();

    private async Task<byte[]> DeriveAsync(string password, byte[] salt, int memory, int passes, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    var argon2 = PasswordBasedKeyDerivationAlgorithm.Argon2id(new Argon2Parameters
                    {
                        DegreeOfParallelism = 1,
                        MemorySize = memory,
                        NumberOfPasses = passes,
                    });
                    return argon2.DeriveBytes(Encoding.UTF8.GetBytes(password), salt, HashBytes);
                },
                CancellationToken.None);
        }
        finally
        {
            _slots.Release();
        }
    }

    private static (int Memory, int Passes, byte[] Salt, byte[] Hash) Parse(string stored)
    {
        var parts = stored.StartsWith(Prefix, StringComparison.Ordinal) ? stored[Prefix.Length..].Split('$') : [];
        if (parts.Length != 3)
        {
            throw new FormatException("The stored password hash is not an Argon2id hash.");
        }

        var cost = parts[0].Split(',');
        return (Number(cost, 0, "m="), Number(cost, 1, "t="), Decode(parts[1]), Decode(parts[2]));
    }

    private static int Number(string[] cost, int index, string name) =>
        cost.Length == 3 && cost[index].StartsWith(name, StringComparison.Ordinal)
            ? int.Parse(cost[index].AsSpan(name.Length), NumberStyles.None)
            : throw new FormatException("The stored password hash has damaged parameters.");

    private static string Encode(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static byte[] Decode(string text) => Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='));
}
