using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>The device's private keys. Immutable; <see cref="KeyStore"/> replaces it.</summary>
/// <param name="DeviceId">From the first identity key; it stays when the key changes.</param>
/// <param name="KeyNo">Number of the last confirmed change of keys; 0 after enrolment.</param>
/// <param name="ChangedAtUnixMs">When the current encryption key came into use, by the trusted clock.</param>
/// <param name="Identity">Signs.</param>
/// <param name="Hpke">Newest first; the retired ones open what was sealed before.</param>
/// <param name="Pending">A change on its way.</param>
/// <param name="Origin">How the identity key follows from the first one.</param>
internal sealed record DeviceKeys(
    PrincipalId DeviceId,
    ulong KeyNo,
    long ChangedAtUnixMs,
    IdentityKey Identity,
    IReadOnlyList<HpkeKeyEntry> Hpke,
    PendingKeys? Pending,
    IdentityOrigin Origin)
{
    /// <summary>Everything that can open what is sealed to this device now.</summary>
    public IReadOnlyList<HpkeKeyPair> Opening =>
        Pending is null ? [.. Hpke.Select(entry => entry.Pair)] : [Pending.Hpke, .. Hpke.Select(entry => entry.Pair)];

    public static DeviceKeys Generate(long unixMs)
    {
        var identity = IdentityKey.Generate();
        return new DeviceKeys(
            PrincipalId.FromIdentityKey(identity.Public), 0, unixMs, identity, [new HpkeKeyEntry(HpkeKeyPair.Generate(), null)], null, new IdentityOrigin(identity.Public.Point.ToArray(), []));
    }

    /// <summary>Begins a change; nothing of the old is given up. The identity key stays when it has changed as often as can be proven.</summary>
    public DeviceKeys Stage(bool withIdentity) =>
        this with { Pending = new PendingKeys(KeyNo + 1, HpkeKeyPair.Generate(), withIdentity && Origin.Updates.Count < IdentityOrigin.MaxUpdates ? IdentityKey.Generate() : null) };

    /// <summary>The server uses the new keys: from here on so does the device.</summary>
    public DeviceKeys Promote(long unixMs)
    {
        var pending = Pending ?? throw new InvalidOperationException("No change of keys is pending.");
        return this with
        {
            KeyNo = pending.KeyNo,
            ChangedAtUnixMs = unixMs,
            Identity = pending.Identity ?? Identity,
            Hpke = [new HpkeKeyEntry(pending.Hpke, null), .. Hpke.Select(entry => entry with { RetiredAtUnixMs = entry.RetiredAtUnixMs ?? unixMs })],
            Pending = null,
            Origin = pending.Identity is { } next ? Follow(pending, next) : Origin,
        };
    }

    /// <summary>The server keeps the old keys.</summary>
    public DeviceKeys Abandon() => this with { KeyNo = Pending?.KeyNo ?? KeyNo, Pending = null };

    /// <summary>Gives up keys that nothing on its way can still be sealed to.</summary>
    public DeviceKeys Expire(long retiredBeforeUnixMs) =>
        this with { Hpke = [.. Hpke.Where(entry => entry.RetiredAtUnixMs is null || entry.RetiredAtUnixMs >= retiredBeforeUnixMs)] };

    /// <summary>The old key signs the new one while it is there: whoever knows the device's id can tell later whose key that is.</summary>
    private IdentityOrigin Follow(PendingKeys pending, IdentityKey next) => new(
        Origin.First, [.. Origin.Updates, KeyUpdate.Sign(Identity, DeviceId, pending.KeyNo, pending.Hpke.Public, next)]);
}
