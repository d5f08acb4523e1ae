using System.Diagnostics.CodeAnalysis;
using Messaging.Crypto;
using Messaging.Updates.Metadata;
using Messaging.Wire;

namespace Messaging.Updates.Releases;

/// <summary>
/// What became of an update, signed by the device: a COSE_Sign1, external_aad "messaging/1/update-receipt", over [1, deviceId, commandId, kind, name, version, counter, sha256, outcome,
/// reason, detail, bootId, unixMs | null, before]. Only one that says <see cref="UpdateState.Committed"/> makes a component count as updated.
/// </summary>
public sealed class UpdateReceipt
{
    /// <summary>The most bytes of the detail.</summary>
    public const int MaxDetailBytes = 512;

    private const int MaxNameBytes = 64;
    private const int MaxKindBytes = 32;
    private byte[]? _bytes;

    /// <summary>The device. Not to be believed before <see cref="IsSignedBy"/>.</summary>
    public required PrincipalId Device { get; init; }

    /// <summary>The command that assigned it.</summary>
    public required CommandId CommandId { get; init; }

    /// <summary>Of the release; empty where it was never read.</summary>
    public string Kind { get; init; } = "";

    /// <summary>The component; empty where the release was never read.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of the release; empty where it was never read.</summary>
    public string Version { get; init; } = "";

    /// <summary>Of the release.</summary>
    public long Counter { get; init; }

    /// <summary>SHA-256 of the content, of the target where the release was never read; 32 bytes.</summary>
    public required ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>Committed, reverted or failed.</summary>
    public required UpdateState Outcome { get; init; }

    /// <summary>One of <see cref="UpdateReasons"/> or another one; empty when it is committed.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The same for people.</summary>
    public string Detail { get; init; } = "";

    /// <summary>The boot in which it was signed.</summary>
    public required BootId BootId { get; init; }

    /// <summary>When it was signed, in Unix milliseconds, by the device's clock if it believes it.</summary>
    public long? UnixMs { get; init; }

    /// <summary>The version of the component that was there before; empty when none is known.</summary>
    public string Before { get; init; } = "";

    /// <summary>The COSE_Sign1 as it was received or made.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    private static ReadOnlySpan<byte> Label => "messaging/1/update-receipt"u8;

    /// <summary>Signs it.</summary>
    /// <param name="key">The device's identity key.</param>
    public byte[] Sign(IdentityKey key) => _bytes = CoseSign1Writer.Sign(key, Label, Payload());

    /// <summary>True if the key signed exactly these bytes as a receipt.</summary>
    public bool IsSignedBy(IdentityPublicKey device) => CoseSign1Reader.TryRead(Bytes.Span, out var message) && message.Verify(device, Label);

    internal byte[] Payload() => MessageBuffer.Write(this, static (receipt, ref writer) =>
    {
        if (!receipt.IsSound())
        {
            throw new InvalidOperationException("A receipt is of an end, with a reason exactly when that is not committed.");
        }

        writer.WriteArrayHead(14);
        writer.WriteUInt64(1);
        writer.WritePrincipalId(receipt.Device);
        writer.WriteCommandId(receipt.CommandId);
        writer.WriteText(receipt.Kind, MaxKindBytes);
        writer.WriteText(receipt.Name, MaxNameBytes);
        writer.WriteText(receipt.Version, MaxNameBytes);
        writer.WriteUInt64((ulong)receipt.Counter);
        writer.WriteBytes(receipt.Sha256.Span);
        writer.WriteUInt64((ulong)receipt.Outcome);
        writer.WriteText(receipt.Reason, MaxNameBytes);
        writer.WriteText(receipt.Detail, MaxDetailBytes);
        writer.WriteBootId(receipt.BootId);
        UnixTime.WriteOrNull(ref writer, receipt.UnixMs);
        writer.WriteText(receipt.Before, MaxNameBytes);
    });

    /// <summary>Reads a receipt. Its signature is checked by <see cref="IsSignedBy"/>, once the device's key is known.</summary>
    public static bool TryRead(ReadOnlySpan<byte> data, [NotNullWhen(true)] out UpdateReceipt? receipt)
    {
        receipt = null;
        if (!CoseSign1Reader.TryRead(data, out var message))
        {
            return false;
        }

        var reader = new CborReader(message.Payload);
        if (!reader.TryReadArray(14)
            || !reader.TryReadExpected(1)
            || !reader.TryReadPrincipalId(out var device)
            || !reader.TryReadCommandId(out var id)
            || !reader.TryReadText(out var kind, MaxKindBytes)
            || !reader.TryReadText(out var name, MaxNameBytes)
            || !reader.TryReadText(out var version, MaxNameBytes)
            || !reader.TryReadUInt64(out var counter, TufLimits.MaxInteger)
            || !reader.TryReadFixedBytes(WireLimits.HashBytes, out var sha256)
            || !reader.TryReadInt32(out var outcome, (int)UpdateState.Failed)
            || !reader.TryReadText(out var reason, MaxNameBytes)
            || !reader.TryReadText(out var detail, MaxDetailBytes)
            || !reader.TryReadBootId(out var boot)
            || !UnixTime.TryReadOrNull(ref reader, out var unixMs)
            || !reader.TryReadText(out var before, MaxNameBytes)
            || !reader.AtEnd)
        {
            return false;
        }

        var read = new UpdateReceipt
        {
            Device = device,
            CommandId = id,
            Kind = kind,
            Name = name,
            Version = version,
            Counter = (long)counter,
            Sha256 = sha256.ToArray(),
            Outcome = (UpdateState)outcome,
            Reason = reason,
            Detail = detail,
            BootId = boot,
            UnixMs = unixMs,
            Before = before,
            _bytes = data.ToArray(),
        };
        receipt = read.IsSound() ? read : null;
        return receipt is not null;
    }

    private bool IsSound() => Outcome.IsFinal() && (Outcome == UpdateState.Committed) == (Reason.Length == 0) && Sha256.Length == WireLimits.HashBytes
        && (IsOfARelease() || (Outcome != UpdateState.Committed && Kind.Length == 0 && Name.Length == 0 && Version.Length == 0 && Counter == 0));

    private bool IsOfARelease() => ReleaseText.IsKind(Kind) && ReleaseText.IsName(Name) && SemanticVersion.TryParse(Version, out _);
}
