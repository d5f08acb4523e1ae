using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Messaging.Relay.Users;

/// <summary>
/// Names and passwords that were verified a short time ago, with what came of it: thousands of devices of one user cost one hash, and so does one device that tries the
/// same wrong password for ever. Neither password nor hash is kept, only an HMAC under a key of this process. A user who gets another password has other entries. Thread safe.
/// </summary>
internal sealed class KnownCredentials(TimeProvider time)
{
    /// <summary>How long one is remembered.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Of the right ones and of the wrong ones each: who guesses makes nobody forgotten who is known.</summary>
    public const int MaxEntries = 20_000;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, long> _right = [];
    private readonly Dictionary<UInt128, long> _wrong = [];

    /// <summary>What is remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _right.Count + _wrong.Count;
            }
        }
    }

    /// <summary>What stands for name and password, as long as the user's entry is this one.</summary>
    public UInt128 Mark(string name, ReadOnlySpan<byte> password, MqttPassword stored)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        Append(hmac, Encoding.UTF8.GetBytes(name));
        Append(hmac, password);
        Append(hmac, stored.Salt);
        hmac.AppendData(stored.Hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hmac.GetHashAndReset());
    }

    /// <summary>Whether they are right; null: that is not known.</summary>
    public bool? Find(UInt128 mark)
    {
        lock (_gate)
        {
            return IsIn(_right, mark) ? true : IsIn(_wrong, mark) ? false : null;
        }
    }

    public void Add(UInt128 mark, bool isRight)
    {
        lock (_gate)
        {
            var entries = isRight ? _right : _wrong;
            if (entries.Count >= MaxEntries)
            {
                // The older half: what is made room for is not made room for each time.
                foreach (var old in entries.OrderBy(static entry => entry.Value).Take(MaxEntries / 2).Select(static entry => entry.Key).ToList())
                {
                    entries.Remove(old);
                }
            }

            entries[mark] = time.GetTimestamp();
        }
    }

    private static void Append(IncrementalHash hmac, ReadOnlySpan<byte> part)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hmac.AppendData(length);
        hmac.AppendData(part);
    }

    private bool IsIn(Dictionary<UInt128, long> entries, UInt128 mark)
    {
        if (!entries.TryGetValue(mark, out var since))
        {
            return false;
        }

        if (time.GetElapsedTime(since) <= Life)
        {
            return true;
        }

        entries.Remove(mark);
        return false;
    }
}
