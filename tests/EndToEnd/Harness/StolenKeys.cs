using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.EndToEnd.Harness;

/// <summary>The private keys of a fleet server, as a thief of its folder has them.</summary>
internal sealed class StolenKeys : IDisposable
{
    private StolenKeys(IdentityKey server, IdentityKey time, IdentityKey? root, IReadOnlyList<HpkeKeyPair> hpke)
    {
        Server = server;
        Time = time;
        Root = root;
        Hpke = hpke;
    }

    public IdentityKey Server { get; }

    public PrincipalId ServerId => PrincipalId.FromIdentityKey(Server.Public);

    public IdentityKey Time { get; }

    /// <summary>Gets the root key; null when an owner has taken the fleet over.</summary>
    public IdentityKey? Root { get; }

    /// <summary>Gets all that devices may have sealed to.</summary>
    public IReadOnlyList<HpkeKeyPair> Hpke { get; }

    /// <param name="folder">DATA/keys.</param>
    public static StolenKeys Read(string folder) => new(
        Identity(Path.Combine(folder, "server-identity.p8")),
        Identity(Path.Combine(folder, "time.p8")),
        File.Exists(Path.Combine(folder, "root.p8")) ? Identity(Path.Combine(folder, "root.p8")) : null,
        [.. Directory.GetFiles(folder, "server-hpke-*.p8").OrderDescending(StringComparer.Ordinal).Select(ReadHpke)]);

    public void Dispose()
    {
        Server.Dispose();
        Time.Dispose();
        Root?.Dispose();
        foreach (var key in Hpke)
        {
            key.Dispose();
        }
    }

    private static IdentityKey Identity(string path) =>
        IdentityKey.TryImportPkcs8(File.ReadAllBytes(path), out var key) ? key : throw new InvalidDataException($"{path} is no key.");

    private static HpkeKeyPair ReadHpke(string path) =>
        HpkeKeyPair.TryImportPkcs8(File.ReadAllBytes(path), out var key) ? key : throw new InvalidDataException($"{path} is no key.");
}
