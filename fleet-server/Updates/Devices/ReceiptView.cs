using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>The end of an update, as the device has signed it. One whose signature is wrong is never shown: it is counted as a rejection.</summary>
/// <param name="Counter">Of the release.</param>
/// <param name="Sha256">Of the content.</param>
/// <param name="Before">The version that was there before; empty: none is known.</param>
/// <param name="BootId">The boot in which it was signed.</param>
/// <param name="DeviceTime">When it was signed; null: the device did not know the time.</param>
/// <param name="Key">The identity key of the device that has signed it.</param>
/// <param name="Bytes">The receipt itself (messaging/spec/protocol.md, section 29), in base64: so that others can verify it.</param>
internal sealed record ReceiptView(
    string Outcome, string Kind, string Name, string Version, long Counter, string Sha256, string Before, string Reason, string Detail, string BootId, DateTimeOffset? DeviceTime, string Key, string Bytes)
{
    public static ReceiptView Of(UpdateReceipt receipt, UpdateRow row) => new(
        receipt.Outcome.Word(),
        receipt.Kind,
        receipt.Name,
        receipt.Version,
        receipt.Counter,
        Convert.ToHexStringLower(receipt.Sha256.Span),
        receipt.Before,
        receipt.Reason,
        receipt.Detail,
        receipt.BootId.ToString(),
        receipt.UnixMs is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
        IdentityPublicKey.TryImport(row.ReceiptKey, out var key) ? key.ToString()! : "",
        Convert.ToBase64String(row.Receipt!));
}
