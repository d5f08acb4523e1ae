using System.Security.Cryptography;
using Messaging.Crypto;

// Each of these breaks the rules of the relay in one place only. They show that the rules look there.
#pragma warning disable CA1812, CA1823, CA1852, CS0169, CS0649, MA0048, IDE0044, IDE0051
namespace Messaging.Architecture.Tests.Violations;

internal sealed class InField
{
    private readonly IdentityKey? _key;
}

internal sealed class InSignature
{
    public static void Take(IdentityKey? key) => ArgumentNullException.ThrowIfNull(key);
}

internal sealed class InReturn
{
    public static IdentityKey? Give() => null;
}

internal sealed class InBody
{
    public static void Make() => IdentityKey.Generate().Dispose();
}

internal sealed class InLambda
{
    public static readonly Action Make = () => IdentityKey.Generate().Dispose();
}

internal sealed class InAsync
{
    public static async Task MakeAsync()
    {
        await Task.Yield();
        IdentityKey.Generate().Dispose();
    }
}

internal sealed class InGenericArgument
{
    private readonly Dictionary<int, List<IdentityKey>>? _keys;
}

internal sealed class InArray
{
    public static int Count(IdentityKey[][] keys) => keys.Length;
}

internal sealed class InConstraint<T>
    where T : IComparable<IdentityKey>
{
    private readonly T? _value;
}

[AttributeUsage(AttributeTargets.Class)]
internal sealed class NamesAttribute(Type type) : Attribute
{
    public Type Type => type;
}

[Names(typeof(IdentityKey))]
internal sealed class InAttribute;

internal sealed class InCast
{
    public static bool Is(object value) => value is IdentityKey;
}

internal sealed class InGenericMethod
{
    public static object Make() => Array.Empty<IdentityKey>();
}

internal sealed class OfSecretsInBody
{
    public static bool Can() => AesGcm.IsSupported;
}

internal sealed class OfSecretsInLambda
{
    public static Func<byte[], byte[]> Derive { get; } = key => HKDF.Expand(HashAlgorithmName.SHA256, key, 32);
}

internal sealed class OfSecretsInParameter
{
    public static bool Has(ECDiffieHellman? agreement) => agreement is not null;
}
