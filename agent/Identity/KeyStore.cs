using System.Security.Cryptography;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Identity;

/// <summary>The keys on disk (mode 0600). Each change is durable before anybody sees it. Thread-safe.</summary>
internal sealed class KeyStore
{
    private const uint Version = 2;
    private const int MaxBytes = 64 * 1024;
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private DeviceKeys _keys;

    private KeyStore(IDisk disk, string path, DeviceKeys keys)
    {
        _disk = disk;
        _path = path;
        _keys = keys;
    }

    public DeviceKeys Keys => Volatile.Read(ref _keys);

    private static ReadOnlySpan<byte> Magic => "MSGKEYS1"u8;

    /// <summary>Null when there are none.</summary>
    /// <exception cref="DamagedStateException">There are, but they cannot be used.</exception>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static KeyStore? Open(IDisk disk, string path)
    {
        var state = SealedFile.TryRead(disk, path, Magic, Version, MaxBytes, out var content);
        try
        {
            if (state == SealedFileState.Missing)
            {
                return null;
            }

            if (state == SealedFileState.OtherVersion)
            {
                throw new DamagedStateException($"{path} was written by another version of the agent: install that version, or enrol again with --force");
            }

            return state == SealedFileState.Whole && DeviceKeysCodec.TryDecode(content, out var keys)
                ? new KeyStore(disk, path, keys)
                : throw new DamagedStateException($"{path} is damaged and the device's keys are lost: restore it from a backup, or enrol again with --force");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Makes new keys.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public static KeyStore Create(IDisk disk, string path, long unixMs)
    {
        var keys = DeviceKeys.Generate(unixMs);
        Save(disk, path, keys);
        return new KeyStore(disk, path, keys);
    }

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">It cannot be written; nothing changed.</exception>
    public DeviceKeys Change(Func<DeviceKeys, DeviceKeys> change)
    {
        lock (_gate)
        {
            var next = change(_keys);
            if (!ReferenceEquals(next, _keys))
            {
                Save(_disk, _path, next);
                Volatile.Write(ref _keys, next);
            }

            return next;
        }
    }

    private static void Save(IDisk disk, string path, DeviceKeys keys)
    {
        var content = DeviceKeysCodec.Encode(keys);
        try
        {
            SealedFile.Write(disk, path, Magic, Version, content);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }
}
