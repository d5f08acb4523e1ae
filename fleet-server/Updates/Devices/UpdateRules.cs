using Messaging.FleetServer.Commands;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>What becomes of an update when its command changes or the device speaks. Pure: changes the row that it is given, nothing else.</summary>
internal static class UpdateRules
{
    /// <summary>A device says at its deadline what follows; that may be so long on its way.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    /// <summary>A receipt is sent with the last word; so long it is waited for.</summary>
    public static readonly TimeSpan ReceiptPatience = TimeSpan.FromMinutes(15);

    /// <summary>Takes over how far the command is. Returns whether that says something new.</summary>
    public static bool Follow(UpdateRow row, UpdateCommand command, DateTimeOffset now)
    {
        var isKnown = row.CommandState is not null;
        if (isKnown && row.CommandState == command.State && row.CommandMessage == command.Message)
        {
            return false;
        }

        row.CommandState = command.State;
        row.CommandMessage = command.Message;
        if (!isKnown)
        {
            row.Target = command.Target;
            row.Length = command.Length;
            row.Sha256 = command.Sha256;
            row.IsEncrypted = command.IsEncrypted;
            row.IsOfSet = command.IsOfSet;
            row.CreatedAt = command.CreatedAt;
            row.CreatedBy = command.CreatedBy;
            row.SignedBy = command.SignedBy;
            row.ExpiresAt = command.ExpiresAt;
            row.Name = row.Name.Length == 0 ? command.Release?.Name ?? "" : row.Name;
            row.Kind = row.Kind.Length == 0 ? command.Release?.Kind ?? "" : row.Kind;
            row.Version = row.Version.Length == 0 ? command.Release?.Version.ToString() ?? "" : row.Version;
        }

        Settle(row, now);
        return true;
    }

    /// <summary>Takes over what the device says. Returns false when it is not the newest, or the end is signed.</summary>
    public static bool Apply(UpdateRow row, UpdateStatus status, DateTimeOffset receivedAt)
    {
        if ((long)status.ReportNo <= row.ReportNo || row.Receipt is not null)
        {
            return false;
        }

        var said = Said(status.UnixMs, receivedAt);
        row.ReportNo = (long)status.ReportNo;
        row.Reported = status.State;
        row.ReportedAt = said;
        row.DeadlineAt = status.State.IsFinal() ? said + ReceiptPatience : DeadlineOf(status.DeadlineMs, said);
        row.Done = (long)status.Done;
        row.Total = (long)status.Total;
        row.Detail = status.Detail;
        if (status.Fetched is { } fetched)
        {
            (row.FromNeighbours, row.FromMirrors, row.FromHomes) = (fetched.Neighbours, fetched.Mirrors, fetched.Homes);
        }

        Settle(row, said);
        return true;
    }

    /// <summary>Takes over the end. Returns false when there was one: the first stands.</summary>
    /// <param name="row">The update.</param>
    /// <param name="receipt">Whose signature is right.</param>
    /// <param name="key">The point of the key that has signed it.</param>
    /// <param name="receivedAt">When it came.</param>
    public static bool Apply(UpdateRow row, UpdateReceipt receipt, byte[] key, DateTimeOffset receivedAt)
    {
        if (row.Receipt is not null)
        {
            return false;
        }

        var said = Said(receipt.UnixMs, receivedAt);
        row.Receipt = receipt.Bytes.ToArray();
        row.ReceiptKey = key;
        row.ReceiptAt = said;
        row.Reason = receipt.Reason;
        row.Detail = receipt.Detail;
        row.DeadlineAt = null;
        if (receipt.Name.Length > 0)
        {
            (row.Kind, row.Name, row.Version) = (receipt.Kind, receipt.Name, receipt.Version);
        }

        SetState(row, DeviceUpdateStates.Signed(receipt.Outcome), said);
        return true;
    }

    /// <summary>Whether the device has a newer component than the receipt brings: receipts come again, and in any order.</summary>
    public static bool Brings(UpdateReceipt receipt, ComponentRow? component) =>
        receipt.Outcome == UpdateState.Committed && (component is null || receipt.Counter > component.Counter);

    /// <summary>Since when the device is silent though its deadline has passed; null: it is not.</summary>
    public static DateTimeOffset? SilentSince(UpdateRow row, DateTimeOffset now) =>
        !row.State.IsEnd() && row.DeadlineAt is { } deadline && deadline + Grace < now ? row.ReportedAt ?? row.Since : null;

    /// <summary>What a row is in, by the best that is known: what is signed, then how the command ended, then what the device says.</summary>
    public static DeviceUpdateState StateOf(UpdateRow row) => row switch
    {
        { Receipt: not null } => row.State,
        { CommandState: Commands.CommandState.Rejected } => DeviceUpdateState.Rejected,
        { CommandState: Commands.CommandState.Expired } => DeviceUpdateState.Expired,
        { CommandState: Commands.CommandState.Cancelled } => DeviceUpdateState.Cancelled,
        { CommandState: Commands.CommandState.Unknown } => DeviceUpdateState.Unknown,
        { CommandState: Commands.CommandState.Done or Commands.CommandState.Failed } => DeviceUpdateState.Unproven,
        { Reported: { } reported } => DeviceUpdateStates.Said(reported),
        { CommandState: Commands.CommandState.Accepted or Commands.CommandState.Running } => DeviceUpdateState.Assigned,
        _ => DeviceUpdateState.Pending,
    };

    /// <summary>A clock that is ahead would hide that a device is silent; one that is behind only says it sooner.</summary>
    private static DateTimeOffset Said(long? unixMs, DateTimeOffset receivedAt) =>
        unixMs is { } ms && ms < receivedAt.ToUnixTimeMilliseconds() ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : receivedAt;

    /// <summary>Null for what lasts longer than times can say.</summary>
    private static DateTimeOffset? DeadlineOf(ulong? milliseconds, DateTimeOffset said) =>
        milliseconds is { } ms && ms < (ulong)(DateTimeOffset.MaxValue - Grace - said).TotalMilliseconds ? said.AddMilliseconds(ms) : null;

    private static void Settle(UpdateRow row, DateTimeOffset at)
    {
        var state = StateOf(row);
        if (state == DeviceUpdateState.Unproven && row.State != state)
        {
            row.DeadlineAt = at + ReceiptPatience;
        }

        SetState(row, state, at);
    }

    private static void SetState(UpdateRow row, DeviceUpdateState state, DateTimeOffset at)
    {
        if (row.State != state)
        {
            (row.State, row.Since) = (state, at);
        }
    }
}
