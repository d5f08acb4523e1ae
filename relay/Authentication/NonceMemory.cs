using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Messaging.Wire;

namespace Messaging.Relay.Authentication;

/// <summary>
/// The nonces of tokens that were used and could be tried again. Only verified tokens get here, and each principal has
/// room for a few, so nobody can fill it. Thread safe.
/// </summary>
internal sealed class NonceMemory(TimeProvider time)
{
    /// <summary>Tokens of one principal within their life time: a device that connects more often than this is broken or stolen.</summary>
    public const int MaxPerPrincipal = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<PrincipalId, List<Used>> _used = [];
    private long _sweptAt;

    /// <summary>Takes a nonce for its one use.</summary>
    /// <returns>False when it was used before, or the principal has used too many.</returns>
    public bool TryUse(PrincipalId principal, ReadOnlySpan<byte> nonce, long issuedAtUnixSeconds)
    {
        var used = new Used(BinaryPrimitives.ReadUInt128BigEndian(nonce), issuedAtUnixSeconds);
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        lock (_lock)
        {
            Sweep(now);
            if (!_used.TryGetValue(principal, out var list))
            {
                _used.Add(principal, list = []);
            }

            list.RemoveAll(old => IsOver(old, now));
            if (list.Count >= MaxPerPrincipal || list.Exists(old => old.Nonce == used.Nonce))
            {
                return false;
            }

            list.Add(used);
            return true;
        }
    }

    private void Sweep(long now)
    {
        if (now - _sweptAt < RelayToken.ToleranceSeconds)
        {
            return;
        }

        _sweptAt = now;
        foreach (var (principal, list) in _used)
        {
            list.RemoveAll(old => IsOver(old, now));
            if (list.Count == 0)
            {
                _used.Remove(principal);
            }
        }
    }

    private static bool IsOver(Used used, long now) => used.IssuedAt + RelayToken.ToleranceSeconds < now;

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Used(UInt128 Nonce, long IssuedAt);
}
