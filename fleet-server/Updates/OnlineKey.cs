using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.FleetServer.Storage;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates;

/// <summary>
/// The key by which this server signs snapshot and timestamp, DATA/keys/repository.p8 (0600, PKCS#8): one of its own, so that what is signed as
/// the one is never taken for the other. Made where it is missing. Whoever has it can show devices old files until the targets expire, and nothing else.
/// </summary>
internal sealed class OnlineKey : IDisposable
{
    private const string FileName = "repository.p8";

    private OnlineKey(IdentityKey key)
    {
        Key = key;
        Name = RepositoryKey.Of(key.Public);
    }

    public IdentityKey Key { get; }

    /// <summary>As the root names it.</summary>
    public RepositoryKey Name { get; }

    /// <exception cref="InvalidDataException">The file is not a P-256 key.</exception>
    public static OnlineKey Open(string folder)
    {
        DurableFile.CreatePrivateDirectory(folder);
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            var made = IdentityKey.Generate();
            var pkcs8 = made.ExportPkcs8();
            DurableFile.Replace(path, pkcs8);
            CryptographicOperations.ZeroMemory(pkcs8);
            return new OnlineKey(made);
        }

        var bytes = File.ReadAllBytes(path);
        var isRead = IdentityKey.TryImportPkcs8(bytes, out var key);
        CryptographicOperations.ZeroMemory(bytes);
        return isRead
            ? new OnlineKey(key!)
            : throw new InvalidDataException($"{path} is not a PKCS#8 P-256 key. Restore it from a backup, or delete it: then the repository's root has to be signed anew (fleetctl artifact root).");
    }

    /// <summary>Whoever stole the server has the key, too: the next start makes another one, for the next root to name.</summary>
    public static void Forget(string folder)
    {
        File.Delete(Path.Combine(folder, FileName));
        DurableFile.FlushDirectory(folder);
    }

    public void Dispose() => Key.Dispose();
}
