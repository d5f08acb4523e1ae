using Messaging.Architecture.Tests.References;
using Mono.Cecil;

namespace Messaging.Architecture.Tests.Arrows;

/// <summary>The rules, as functions from types to what breaks them, so that they can be tried on types that do.</summary>
internal static class Rules
{
    private const string Wire = "Messaging.Wire";

    private static readonly HashSet<string> Secrets = new(StringComparer.Ordinal)
    {
        "System.Security.Cryptography.Aes",
        "System.Security.Cryptography.AesCcm",
        "System.Security.Cryptography.AesGcm",
        "System.Security.Cryptography.ChaCha20Poly1305",
        "System.Security.Cryptography.ECDiffieHellman",
        "System.Security.Cryptography.ECDiffieHellmanPublicKey",
        "System.Security.Cryptography.ECDsa",
        "System.Security.Cryptography.HKDF",
        "System.Security.Cryptography.HMACSHA256",
        "System.Security.Cryptography.MLKem",
        "System.Security.Cryptography.RSA",
        "System.Security.Cryptography.Rfc2898DeriveBytes",
        "System.Security.Cryptography.SymmetricAlgorithm",
    };

    /// <summary>Of assembly Messaging, only the wire may be used.</summary>
    public static IEnumerable<TypeUse> BeyondTheWire(IEnumerable<TypeDefinition> types) =>
        TypeUses.Of(types).Where(use => use is { Assembly: "Messaging", Namespace: not Wire });

    /// <summary>The wire uses nothing else of the house.</summary>
    public static IEnumerable<TypeUse> OutOfTheWire(IEnumerable<TypeDefinition> types) =>
        TypeUses.Of(types).Where(use => IsOfTheHouse(use.Namespace) && use.Namespace != Wire);

    /// <summary>Nothing that decrypts, agrees on keys, derives keys or signs.</summary>
    public static IEnumerable<TypeUse> OfSecrets(IEnumerable<TypeDefinition> types) => TypeUses.Of(types).Where(use => Secrets.Contains(use.Used.FullName));

    /// <summary>The assemblies that an assembly refers to, of those named.</summary>
    public static IEnumerable<string> References(AssemblyDefinition assembly, params string[] names) =>
        assembly.Modules.SelectMany(module => module.AssemblyReferences).Select(reference => reference.Name).Intersect(names, StringComparer.Ordinal);

    private static bool IsOfTheHouse(string name) => name == "Messaging" || name.StartsWith("Messaging.", StringComparison.Ordinal);
}
