using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What a device said of an update: how far it is, or, signed, how it ended.</summary>
/// <param name="Key">Of which update.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Status">Null: it is a receipt.</param>
/// <param name="Receipt">Whose signature is right; null: it is a status.</param>
/// <param name="Signer">The point of the key that has signed the receipt.</param>
internal sealed record UpdateWord(UpdateKey Key, DateTimeOffset ReceivedAt, UpdateStatus? Status, UpdateReceipt? Receipt, byte[]? Signer);
