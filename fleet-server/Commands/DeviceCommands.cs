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
    private const int SequenceBlock = 64;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SortedDictionary<long, CommandEntity> _open = [];
    private readonly string _deviceId = device.ToString();
    private long _nextSequence;
    private long _reservedThrough = -1;
    private long _lastSent;
    private int _count;

    public bool IsEmpty => Volatile.Read(ref _count) == 0;

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
            await context.Store.InsertAsync(command.Copy(), cancellationToken);
            Keep(command);
            return true;
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
                    await SaveAsync(changed, cancellationToken);
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
            var command = _open.Values.FirstOrDefault(open => open.Id == commandId)?.Copy()
                ?? await context.Store.FindAsync(_deviceId, commandId, cancellationToken);
            if (command is null)
            {
                return null;
            }

            var changed = rule(command, context.Time.GetUtcNow());
            if (changed)
            {
                await SaveAsync(command, cancellationToken);
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

        if (context.Signer.ForeignContent(command) is { } content)
        {
            if (content.Freshness is not null && presence.Boot is null)
            {
                return false;
            }

            if (content.Freshness is { } freshness && freshness.BootId != presence.Boot!.Id)
            {
                command.State = CommandState.Expired;
                command.Message = "The device was restarted since it was signed: sign it again.";
                command.FinishedAt = context.Time.GetUtcNow();
                await SaveAsync(command, cancellationToken);
                return true;
            }
        }
        else
        {
            var kind = CommandCatalog.Find(command.Type)
                ?? throw new InvalidOperationException($"Command {command.Id} has the unknown type {command.Type}.");
            if (kind.BoundToBoot && presence.Boot is null)
            {
                return false;
            }

            await SignAsync(command, kind, presence.Boot, cancellationToken);
        }

        var result = await context.Downlink.SendAsync(device, StreamId.Commands, RecordType.Command, command.Signed, cancellationToken);
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
        await SaveAsync(command, cancellationToken);
        return true;
    }

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

        var sequence = await NextSequenceAsync(cancellationToken);
        command.Signed = context.Signer.Sign(command, kind, sequence, boot, context.Time.GetUtcNow());
        command.IssuerSeq = sequence;
        command.BootNonce = bootId;
        _lastSent = sequence;
    }

    private async Task<long> NextSequenceAsync(CancellationToken cancellationToken)
    {
        if (_nextSequence > _reservedThrough)
        {
            _nextSequence = await context.Store.ReserveSequenceAsync(_deviceId, SequenceBlock, context.Time.GetUtcNow(), cancellationToken);
            _reservedThrough = _nextSequence + SequenceBlock - 1;
        }

        return _nextSequence++;
    }

    private async Task SaveAsync(CommandEntity command, CancellationToken cancellationToken)
    {
        await context.Store.UpdateAsync(command, cancellationToken);
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
        context.Events.Publish(new CommandChanged(_deviceId, CommandRules.Snapshot(command, context.Devices.Presence(device))));
    }
}
