using Messaging.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Relaying;
using Messaging.Streams;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <summary>
/// The open commands of one device, one change at a time. A change is stored before it is known and before it is told.
/// </summary>
internal sealed class DeviceCommands(PrincipalId device, CommandContext context) : IDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SortedDictionary<long, CommandEntity> _open = [];
    private readonly string _deviceId = device.ToString();
    private long _lastSent;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool IsEmpty => Count == 0;

    public void Dispose() => _gate.Dispose();

    /// <summary>Takes over what was stored before the start.</summary>
    public void Restore(CommandEntity command)
    {
        _open.Add(command.Ordinal, command);
        _count = _open.Count;
    }

    /// <summary>Stores a new command. Returns false when there are too many already.</summary>
    public async Task<bool> AddAsync(CommandEntity command, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_open.Count >= context.Options.MaxOpenPerDevice)
            {
                return false;
            }

            // Before it may be sent: no device runs what the log does not know.
            await context.Ledger.IssueAsync(command, cancellationToken);
            await context.Store.InsertAsync(command.Copy());
            Keep(command);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Takes over one of a set that was stored with the others.</summary>
    public async Task AddStoredAsync(CommandEntity command, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Keep(command);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The open command of this id; null when there is none.</summary>
    public async Task<bool> ChangeOpenAsync(string commandId, Func<CommandEntity, DateTimeOffset, bool> rule, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var command = Open(commandId)?.Copy();
            if (command is null || !rule(command, context.Time.GetUtcNow()))
            {
                return false;
            }

            await SaveAsync(command);
            return true;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Applies reports. Returns how many are of commands that the device does not have.</summary>
    public async Task<int> ApplyAsync(IReadOnlyList<CommandReport> reports, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var unknown = 0;
            foreach (var group in reports.GroupBy(static report => report.CommandId))
            {
                var command = await FindAsync(group.Key.ToString(), cancellationToken);
                var changed = false;
                foreach (var report in group)
                {
                    unknown += command is null ? 1 : 0;
                    changed |= command is not null && CommandRules.Apply(command, report, context.Time.GetUtcNow());
                }

                if (changed)
                {
                    await SaveAsync(command!);
                }
            }

            return unknown;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Sends what is due, oldest first, until the device turns out to be away.</summary>
    public async Task DispatchAsync(bool reopened, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var command in _open.Values.ToList())
            {
                if (CommandRules.IsDue(command, context.Time.GetUtcNow(), context.Options, reopened)
                    && !await SendAsync(command.Copy(), cancellationToken))
                {
                    return;
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes every open command that the rule wants to change.</summary>
    public async Task ChangeAllAsync(Func<CommandEntity, DateTimeOffset, bool> rule, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            foreach (var command in _open.Values.ToList())
            {
                var changed = command.Copy();
                if (rule(changed, context.Time.GetUtcNow()))
                {
                    await SaveAsync(changed);
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Changes one command, open or not. Null when the device has no such command.</summary>
    public async Task<bool?> ChangeAsync(string commandId, Func<CommandEntity, DateTimeOffset, bool> rule, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            var command = await FindAsync(commandId, cancellationToken);
            if (command is null)
            {
                return null;
            }

            var changed = rule(command, context.Time.GetUtcNow());
            if (changed)
            {
                await SaveAsync(command);
            }

            return changed;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> SendAsync(CommandEntity command, CancellationToken cancellationToken)
    {
        if (context.Devices.Presence(device) is not { Connected: true } presence)
        {
            return false;
        }

        var foreign = command.Set is { } set ? set.IsForeign ? set.Members.Members[command.SetIndex!.Value].Freshness : null
            : context.Signer.ForeignContent(command)?.Freshness;
        if (foreign is { } freshness)
        {
            if (presence.Boot is null)
            {
                return false;
            }

            if (freshness.BootId != presence.Boot.Id)
            {
                command.State = CommandState.Expired;
                command.Message = "The device was restarted since it was signed: sign it again.";
                command.FinishedAt = context.Time.GetUtcNow();
                await SaveAsync(command);
                return true;
            }
        }

        if (await BytesAsync(command, presence, cancellationToken) is not { } bytes)
        {
            return false;
        }

        var result = await context.Downlink.SendAsync(device, StreamId.Commands, RecordType.Command, bytes, cancellationToken);
        if (result != PublishResult.Passed)
        {
            return false;
        }

        // A crash before this line sends the command once more, under a higher number; the device knows it by its id.
        var now = context.Time.GetUtcNow();
        command.State = CommandState.Sent;
        command.SentAt ??= now;
        command.LastSentAt = now;
        command.Attempts++;
        await SaveAsync(command);
        return true;
    }

    /// <summary>What the device is to get; null when that cannot be said before it has told its boot.</summary>
    private async Task<ReadOnlyMemory<byte>?> BytesAsync(CommandEntity command, DevicePresence presence, CancellationToken cancellationToken)
    {
        if (command.Set is { IsForeign: true } foreign)
        {
            return CommandDelivery.Of(foreign.Command, foreign.Members, command.SetIndex!.Value).Bytes;
        }

        if (command.Set is null && context.Signer.ForeignContent(command) is not null)
        {
            return command.Signed;
        }

        var kind = CommandCatalog.Find(command.Type)
            ?? throw new InvalidOperationException($"Command {command.Id} has the unknown type {command.Type}.");
        if (kind.BoundToBoot && presence.Boot is null)
        {
            return null;
        }

        if (command.Set is { } own && command.Signed is null && IsGoodFor(own, command.SetIndex!.Value, kind, presence.Boot))
        {
            _lastSent = (long)own.Command.Content.IssuerSeq;
            return CommandDelivery.Of(own.Command, own.Members, command.SetIndex.Value).Bytes;
        }

        // One of a set that came back in another boot, or after later commands, gets one of its own.
        await SignAsync(command, kind, presence.Boot, cancellationToken);
        return command.Signed;
    }

    /// <summary>Whether the device would take what the server has signed for all.</summary>
    private bool IsGoodFor(CommandSet set, int index, CommandKind kind, DeviceBoot? boot) =>
        (long)set.Command.Content.IssuerSeq >= _lastSent && (!kind.BoundToBoot || set.Members.Members[index].Freshness?.BootId == boot?.Id);

    /// <summary>
    /// The same bytes go out again while they are valid: bound to the running boot, and no higher number was sent since, for devices
    /// refuse a number below one that they accepted.
    /// </summary>
    private async Task SignAsync(CommandEntity command, CommandKind kind, DeviceBoot? boot, CancellationToken cancellationToken)
    {
        var bootId = kind.BoundToBoot ? boot?.Id.ToArray() : null;
        if (command.Signed is not null && command.IssuerSeq == _lastSent && bootId.AsSpan().SequenceEqual(command.BootNonce))
        {
            return;
        }

        var sequence = await context.Sequence.NextAsync(cancellationToken);
        command.Signed = context.Signer.Sign(command, kind, sequence, boot, context.Time.GetUtcNow());
        command.IssuerSeq = sequence;
        command.BootNonce = bootId;
        _lastSent = sequence;
    }

    private CommandEntity? Open(string commandId) => _open.Values.FirstOrDefault(open => open.Id == commandId);

    private async Task<CommandEntity?> FindAsync(string commandId, CancellationToken cancellationToken) =>
        Open(commandId)?.Copy() ?? await context.Store.FindAsync(_deviceId, commandId, cancellationToken);

    private async Task SaveAsync(CommandEntity command)
    {
        await context.Store.UpdateAsync(command.Copy());
        Keep(command);
    }

    private void Keep(CommandEntity command)
    {
        if (command.State.IsFinal())
        {
            _open.Remove(command.Ordinal);
        }
        else
        {
            _open[command.Ordinal] = command;
        }

        Volatile.Write(ref _count, _open.Count);
        context.Events.Publish(new CommandChanged(
            _deviceId,
            CommandRules.Snapshot(command, context.Devices.Presence(device), context.Signer.RuleFor(command.Type), context.Time.GetUtcNow())));
    }
}
