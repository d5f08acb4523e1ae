using System.Collections.Immutable;
using System.Security.Cryptography;
using Messaging.Crypto;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Updates;
using Messaging.Wire;

namespace Messaging.FleetServer.Trust;

/// <summary>
/// The private keys of the fleet in DATA/keys (0700; files 0600, PKCS#8): the root, which signs root and roster
/// until an owner takes the fleet over, the server's identity, the time
/// key, which signs time beacons, and the server's HPKE keys, numbered. The highest is the next one: it is made one rotation before devices hear of it, so that a
/// backup from before a rotation has every key that devices seal to after it. Made where they are missing.
/// </summary>
internal sealed class FleetKeys : IDisposable
{
    private const string RootFile = "root.p8";
    private const string IdentityFile = "server-identity.p8";
    private const string TimeFile = "time.p8";
    private const string HpkePrefix = "server-hpke-";
    private const string Extension = ".p8";

    /// <summary>There while the keys are new, and no roster names them yet.</summary>
    private const string RenewedFile = "renewed";

    /// <summary>The next one, the one that devices seal to, and one before it, so that none of those that others may have is listed.</summary>
    private const int RenewedHpkeKeys = 3;
    private readonly string _folder;
    private readonly Lock _lock = new();
    private ImmutableArray<HpkeKeyPair> _hpke;

    private FleetKeys(string folder, IdentityKey? root, IdentityKey server, IdentityKey time, ImmutableArray<HpkeKeyPair> hpke)
    {
        _folder = folder;
        _hpke = hpke;
        Root = root;
        Server = server;
        Time = time;
        ServerId = PrincipalId.FromIdentityKey(server.Public);
    }

    /// <summary>True between <see cref="Renew"/> and the roster that names the new identity.</summary>
    public bool AreRenewed => File.Exists(Path.Combine(_folder, RenewedFile));

    /// <summary>Null since an owner has taken the fleet over.</summary>
    public IdentityKey? Root { get; private set; }

    public IdentityKey Server { get; }

    public PrincipalId ServerId { get; }

    /// <summary>A principal of its own, with the role time.</summary>
    public IdentityKey Time { get; }

    /// <summary>Newest first, the next one included. The old ones open what was sealed before a rotation.</summary>
    public IReadOnlyList<HpkeKeyPair> Hpke => _hpke;

    /// <summary>Those that devices have heard of, newest first.</summary>
    public IEnumerable<HpkeKeyPair> PublishedHpke => _hpke.Skip(1);

    /// <summary>When the keys last moved on by one, UTC.</summary>
    public DateTime RotatedAt => File.GetLastWriteTimeUtc(HpkeFiles(_folder)[0]);

    /// <summary>Whether the folder has the keys of a fleet, and what devices trust them by.</summary>
    public static bool AreIn(string folder) => File.Exists(Path.Combine(folder, IdentityFile)) && TrustService.IsIn(folder);

    /// <exception cref="InvalidDataException">A file is not a P-256 key.</exception>
    public static FleetKeys Open(string folder)
    {
        DurableFile.CreatePrivateDirectory(folder);
        var rootFile = Path.Combine(folder, RootFile);

        // A fleet that has begun and has no root key here is an owner's.
        var root = File.Exists(rootFile) || !TrustService.IsIn(folder) ? Identity(rootFile) : null;
        var server = Identity(Path.Combine(folder, IdentityFile));
        var time = Identity(Path.Combine(folder, TimeFile));
        var hpke = HpkeFiles(folder).Select(ReadHpke).ToImmutableArray();
        var keys = new FleetKeys(folder, root, server, time, hpke);
        while (keys.Hpke.Count < 2)
        {
            keys.AddHpke();
        }

        return keys;
    }

    /// <summary>
    /// Gives the server another identity, for the fleet's owner to put into the roster in place of the one that was stolen. The HPKE keys of
    /// before stay, because devices hold records that are sealed to them. Broken off, it is to be done again.
    /// </summary>
    /// <exception cref="InvalidDataException">There is no fleet in the folder, or no owner has taken it over.</exception>
    public static FleetKeys Renew(string folder)
    {
        if (!AreIn(folder))
        {
            throw new InvalidDataException($"There is no fleet in {folder}. Restore a backup of the server first, or name the right folder with --data.");
        }

        if (File.Exists(Path.Combine(folder, RootFile)))
        {
            throw new InvalidDataException(
                $"{folder} has the fleet's root key. If an owner has taken the fleet over since this backup (fleetctl trust take-over), delete {RootFile} there and "
                + "do this again. If not, whoever stole the server has that key too, and new keys would not help: begin a new fleet, and enrol the devices again.");
        }

        DurableFile.Replace(Path.Combine(folder, RenewedFile), []);
        WriteNewIdentity(Path.Combine(folder, IdentityFile));
        WriteNewIdentity(Path.Combine(folder, TimeFile));
        OnlineKey.Forget(folder);
        var keys = Open(folder);
        for (var i = 0; i < RenewedHpkeKeys; i++)
        {
            keys.AddHpke();
        }

        return keys;
    }

    /// <summary>The roster names the new identity.</summary>
    public void ForgetRenewal()
    {
        File.Delete(Path.Combine(_folder, RenewedFile));
        DurableFile.FlushDirectory(_folder);
    }

    /// <summary>Deletes the root key; durable when this returns.</summary>
    public void ForgetRoot()
    {
        File.Delete(Path.Combine(_folder, RootFile));
        DurableFile.FlushDirectory(_folder);
        Root?.Dispose();
        Root = null;
    }

    /// <summary>Makes a new next HPKE key, durable before it is returned; the one before is published from now on.</summary>
    public HpkeKeyPair AddHpke()
    {
        lock (_lock)
        {
            var newest = HpkeFiles(_folder).FirstOrDefault();
            var number = newest is null ? 1 : HpkeNumber(newest) + 1;
            var key = HpkeKeyPair.Generate();
            Write(Path.Combine(_folder, $"{HpkePrefix}{number:D6}{Extension}"), key.ExportPkcs8());
            _hpke = _hpke.Insert(0, key);
            return key;
        }
    }

    /// <summary>Deletes HPKE keys that were replaced before <paramref name="limit"/> (UTC): nothing sealed to them is accepted any more.</summary>
    public void ForgetHpkeReplacedBefore(DateTime limit)
    {
        lock (_lock)
        {
            var files = HpkeFiles(_folder);
            for (var i = files.Count - 1; i > 1; i--)
            {
                // A key is published when the one after it is made, and replaced when the one after that is.
                if (File.GetLastWriteTimeUtc(files[i - 2]) < limit)
                {
                    File.Delete(files[i]);
                    _hpke = _hpke.RemoveAt(i);
                }
            }
        }
    }

    public void Dispose()
    {
        Root?.Dispose();
        Server.Dispose();
        Time.Dispose();
        foreach (var key in _hpke)
        {
            key.Dispose();
        }
    }

    private static IdentityKey Identity(string path)
    {
        if (!File.Exists(path))
        {
            var made = IdentityKey.Generate();
            Write(path, made.ExportPkcs8());
            return made;
        }

        var bytes = File.ReadAllBytes(path);
        var read = IdentityKey.TryImportPkcs8(bytes, out var key);
        CryptographicOperations.ZeroMemory(bytes);
        return read ? key! : throw NotAKey(path);
    }

    private static void WriteNewIdentity(string path)
    {
        using var made = IdentityKey.Generate();
        Write(path, made.ExportPkcs8());
    }

    private static HpkeKeyPair ReadHpke(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var read = HpkeKeyPair.TryImportPkcs8(bytes, out var key);
        CryptographicOperations.ZeroMemory(bytes);
        return read ? key! : throw NotAKey(path);
    }

    private static InvalidDataException NotAKey(string path) =>
        new($"{path} is not a PKCS#8 P-256 key. Restore it from a backup; without it the enrolled devices are lost.");

    private static void Write(string path, byte[] pkcs8)
    {
        DurableFile.Replace(path, pkcs8);
        CryptographicOperations.ZeroMemory(pkcs8);
    }

    private static List<string> HpkeFiles(string folder) =>
        [.. Directory.EnumerateFiles(folder, HpkePrefix + "*" + Extension).OrderByDescending(HpkeNumber)];

    private static int HpkeNumber(string path) =>
        int.Parse(Path.GetFileNameWithoutExtension(path).AsSpan(HpkePrefix.Length));
}
