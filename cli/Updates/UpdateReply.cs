namespace Messaging.Cli.Updates;

/// <summary>An update of a device as the server answers it.</summary>
/// <param name="CommandId">The command that assigned it.</param>
/// <param name="State">pending, a state of the device, unproven, committed, reverted, failed, rejected, expired, cancelled or unknown.</param>
/// <param name="Ended">Nothing follows.</param>
/// <param name="Since">When the state began.</param>
/// <param name="Deadline">Until when the device is to say what follows.</param>
/// <param name="SilentSince">When the device was last heard of, where that has passed.</param>
/// <param name="WaitingFor">What it waits for.</param>
/// <param name="SetId">The command to many devices that it is a part of.</param>
/// <param name="Done">Bytes that are there.</param>
/// <param name="Total">Bytes that are to be there; 0: it is not about bytes.</param>
/// <param name="Fetched">From whom the bytes came; null: none have, or nobody says it.</param>
/// <param name="Detail">What the device says.</param>
/// <param name="Reason">Why it was not committed.</param>
/// <param name="Message">What the command says of its end.</param>
/// <param name="Receipt">What the device has signed; null: nothing yet.</param>
internal sealed record UpdateReply(
    string? CommandId,
    string? DeviceId,
    string? DeviceName,
    string? State,
    bool Ended,
    DateTimeOffset Since,
    DateTimeOffset? Deadline,
    DateTimeOffset? SilentSince,
    string? WaitingFor,
    string? SetId,
    string? Target,
    string? Kind,
    string? Name,
    string? Version,
    long Done,
    long Total,
    UpdateReply.FetchedReply? Fetched,
    string? Detail,
    string? Reason,
    string? Message,
    DateTimeOffset CreatedAt,
    string? CreatedBy,
    UpdateReply.ReceiptReply? Receipt)
{
    /// <param name="Outcome">committed, reverted or failed.</param>
    /// <param name="Before">The version that was there before.</param>
    /// <param name="Key">Of the device's key that has signed it.</param>
    /// <param name="Bytes">The receipt itself, base64.</param>
    internal sealed record ReceiptReply(string? Outcome, string? Version, long Counter, string? Before, string? Key, string? Bytes);

    /// <param name="Neighbours">Bytes from devices on its local network.</param>
    /// <param name="Mirrors">From mirrors.</param>
    /// <param name="Homes">From the fleet's servers.</param>
    internal sealed record FetchedReply(long Neighbours, long Mirrors, long Homes);
}
