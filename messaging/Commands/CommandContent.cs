using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>What a command says.</summary>
/// <param name="Id">Its random name.</param>
/// <param name="IssuerId">Who signs it.</param>
/// <param name="IssuerSeq">The issuer's running number for this target: a device accepts strictly rising ones.</param>
/// <param name="Target">Whom it addresses.</param>
/// <param name="IssuedAtUnixMs">When it was issued, in Unix milliseconds.</param>
/// <param name="ExpiresAtUnixMs">After when it must not start, in Unix milliseconds.</param>
/// <param name="Freshness">The boot that it is bound to, or null. Null for a set, whose members have one each.</param>
/// <param name="Idempotent">True if running it twice does no harm. Only such a command may be run again after a crash.</param>
/// <param name="Type">What to do: see <see cref="CommandTypes"/>. At most 64 bytes.</param>
/// <param name="Arguments">The type's arguments in CBOR, at most 64 KiB.</param>
/// <param name="DryRun">True if the device is only to say whether it would run it.</param>
public sealed record CommandContent(
    CommandId Id,
    PrincipalId IssuerId,
    ulong IssuerSeq,
    CommandTarget Target,
    long IssuedAtUnixMs,
    long ExpiresAtUnixMs,
    CommandFreshness? Freshness,
    bool Idempotent,
    string Type,
    ReadOnlyMemory<byte> Arguments,
    bool DryRun = false);
