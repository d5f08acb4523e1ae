using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>An update of a device as the API shows it.</summary>
/// <param name="DeviceName">Null: the device is gone.</param>
/// <param name="State">A word of <see cref="DeviceUpdateStates"/>; committed, reverted and failed by a receipt that the device has signed, and by nothing else.</param>
/// <param name="Ended">Nothing follows.</param>
/// <param name="Since">When the state began.</param>
/// <param name="Deadline">Until when the device is to say what follows; null: no time is set.</param>
/// <param name="SilentSince">When the device was last heard of, where the deadline has passed; null: it is not overdue.</param>
/// <param name="WaitingFor">What it waits for, for people; null: the detail says it.</param>
/// <param name="SetId">The command to many devices that it is a part of.</param>
/// <param name="Target">The path of the target; empty: this server does not know the command.</param>
/// <param name="Length">Of the target, in bytes.</param>
/// <param name="Sha256">Of the target.</param>
/// <param name="Kind">Of the release; empty while neither the repository nor the device has said it, like name and version.</param>
/// <param name="Done">Bytes that are there.</param>
/// <param name="Total">Bytes that are to be there; 0: it is not about bytes.</param>
/// <param name="Fetched">From whom the bytes came; null: none have, or the device does not say it.</param>
/// <param name="Detail">What the device says of it, for people.</param>
/// <param name="Reason">Why it was not committed: the receipt's word.</param>
/// <param name="Message">What the command says of its end, where there is no receipt.</param>
/// <param name="SignedBy">The principal of the roster that has signed the command; null: this server, or it is not known.</param>
/// <param name="CommandState">Null: this server does not know the command; it may have been restored from a backup.</param>
internal sealed record UpdateView(
    string CommandId,
    string DeviceId,
    string? DeviceName,
    string State,
    bool Ended,
    DateTimeOffset Since,
    DateTimeOffset? Deadline,
    DateTimeOffset? SilentSince,
    string? WaitingFor,
    string? SetId,
    string Target,
    long Length,
    string Sha256,
    bool Encrypted,
    string Kind,
    string Name,
    string Version,
    long Done,
    long Total,
    FetchedView? Fetched,
    string Detail,
    string Reason,
    string Message,
    DateTimeOffset CreatedAt,
    string? CreatedBy,
    string? SignedBy,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? ReportedAt,
    string? CommandState,
    ReceiptView? Receipt)
{
    public static UpdateView Of(UpdateRow row, DeviceSnapshot? device, DateTimeOffset now) => new(
        row.CommandId,
        row.DeviceId,
        device?.Name,
        row.State.Word(),
        row.State.IsEnd(),
        row.Since,
        row.State.IsEnd() ? null : row.DeadlineAt,
        UpdateRules.SilentSince(row, now),
        row.State == DeviceUpdateState.Pending ? WaitingForDevice(device) : null,
        row.IsOfSet ? row.CommandId : null,
        row.Target,
        row.Length,
        row.Sha256,
        row.IsEncrypted,
        row.Kind,
        row.Name,
        row.Version,
        row.Done,
        row.Total,
        FetchedView.Of(row),
        row.Detail,
        row.Reason,
        row.Receipt is null ? row.CommandMessage : "",
        row.CreatedAt,
        row.CreatedBy,
        row.SignedBy,
        row.ExpiresAt,
        row.ReportedAt,
        row.CommandState?.Word(),
        row.Receipt is { } bytes && UpdateReceipt.TryRead(bytes, out var receipt) ? ReceiptView.Of(receipt, row) : null);

    private static string WaitingForDevice(DeviceSnapshot? device) => device switch
    {
        null => "a device that is gone",
        { Connected: true } => "the device's answer",
        { LastSeen: { } seen } => $"the device to connect; it was last seen {seen:yyyy-MM-dd HH:mm:ss}Z",
        _ => "the device to connect for the first time",
    };
}
