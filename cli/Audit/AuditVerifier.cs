using Messaging.Audit;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Audit;

/// <summary>
/// Verifies what a server shows of its audit, item by item: checkpoints first, then devices, then entries. Nothing is believed but signatures of the
/// roster's servers and of devices, and what this machine has seen before.
/// </summary>
internal sealed class AuditVerifier(FleetTrust trust)
{
    private readonly Dictionary<ChainId, LogBook> _logs = [];
    private readonly Dictionary<PrincipalId, DeviceBook> _devices = [];
    private readonly Dictionary<(PrincipalId? Device, CommandId Command), IssuedCommand> _issued = [];
    private readonly List<AuditFinding> _findings = [];
    private readonly HashSet<PrincipalId> _unknownServers = [];
    private LogBook? _newest;
    private long? _seenBefore;

    /// <summary>Commands of verified entries.</summary>
    public IReadOnlyCollection<IssuedCommand> Issued => _issued.Values;

    /// <summary>A command to a device, or to a set: devices themselves see to it that they belong to it.</summary>
    public IssuedCommand? FindIssued(PrincipalId device, CommandId command) =>
        _issued.GetValueOrDefault((device, command)) ?? _issued.GetValueOrDefault((null, command));

    public IReadOnlyDictionary<PrincipalId, DeviceBook> Devices => _devices;

    /// <summary>The newest verified checkpoint of the newest log; null: none.</summary>
    public LogCheckpoint? NewestCheckpoint => _newest?.Checkpoints.MaxBy(static one => one.Number);

    /// <summary>What this machine has seen before.</summary>
    /// <param name="hasToBeThere">False for an export, which may be older.</param>
    public void Seen(IEnumerable<LogCheckpoint> checkpoints, bool hasToBeThere)
    {
        foreach (var one in checkpoints)
        {
            Log(one.LogId).Seen.Add((one.Number, one.Hash, "this machine", hasToBeThere));
        }
    }

    public void Add(AuditLine line)
    {
        if (line.Checkpoint is { } checkpoint)
        {
            Add(checkpoint);
        }
        else if (line.Entry is { } entry)
        {
            Add(entry);
        }
        else if (line.DeviceKey is { } key)
        {
            if (PrincipalId.TryParse(key.DeviceId, out var id) && Point(key.Key) is { } from && Base64.TryRead(key.Bytes, out var update))
            {
                Device(id).AddKey(from, update);
            }
        }
        else if (line.Executions is { } executions)
        {
            Add(executions);
        }
    }

    /// <summary>When everything was added.</summary>
    public AuditReport End()
    {
        foreach (var device in _devices.Values)
        {
            foreach (var seen in device.Witnessed)
            {
                Log(seen.LogId).Seen.Add((seen.Number, seen.Hash, $"the device {device.Id}", true));
            }

            _findings.AddRange(device.End());
        }

        foreach (var log in _logs.Values)
        {
            _findings.AddRange(log.End().Distinct(StringComparer.Ordinal).Select(wrong =>
                new AuditFinding(wrong.Contains(" has seen ", StringComparison.Ordinal) ? "log-rewritten" : "log-damaged", null, log.Id.ToString(), $"log {log.Id}: {wrong}")));
        }

        var witnesses = _devices.Values.Select(device => device.Witnessed.FindLast(one => one.LogId == _newest?.Id)).Where(static one => one is not null).ToList();
        _seenBefore = _newest?.Seen.Where(static one => one.Who == "this machine").Select(static one => (long?)one.Number).Max();
        return new AuditReport(
            _newest?.Id.ToString(),
            _newest?.Through ?? 0,
            NewestCheckpoint?.Number,
            _logs.Values.Sum(static log => (long)log.Count),
            _logs.Values.Count(static log => log.Count > 0),
            witnesses.Count,
            witnesses.Max(static one => one?.Number),
            _devices.Values.Count(static device => device.Count > 0),
            _devices.Values.Sum(static device => device.Count),
            _seenBefore,
            [.. _findings]);
    }

    private static IdentityPublicKey? Point(string? hex) => Hex.TryRead(hex, 65, out var point) && IdentityPublicKey.TryImport(point, out var key) ? key : null;

    private void Add(CheckpointItem item)
    {
        if (!item.TryRead(out var checkpoint))
        {
            _findings.Add(new AuditFinding("log-damaged", null, "checkpoint", "what the server shows as a checkpoint is none"));
        }
        else if (trust.Roster.Find(checkpoint.Server) is not { } server || !server.HasRole(Roles.Server))
        {
            // Of a server that was replaced: its key proves nothing any more.
            if (_unknownServers.Add(checkpoint.Server))
            {
                _findings.Add(new AuditFinding(
                    "unverifiable", null, checkpoint.Server.ToString(), $"log {checkpoint.LogId} was signed by {checkpoint.Server}, which the roster does not name (any more)"));
            }
        }
        else if (!checkpoint.IsSignedBy(server.Identity))
        {
            _findings.Add(new AuditFinding("log-damaged", null, checkpoint.LogId.ToString(), $"log {checkpoint.LogId}: the checkpoint for entry {checkpoint.Number} is forged"));
        }
        else
        {
            Log(checkpoint.LogId).Checkpoints.Add(checkpoint);
        }
    }

    private void Add(EntryItem item)
    {
        if (item.Read() is not var (entry, hash))
        {
            _findings.Add(new AuditFinding("log-damaged", null, "entry", "what the server shows as an entry is none"));
            return;
        }

        var log = _newest = Log(entry.LogId);
        log.Add(entry, hash);
        if (log.Broken is not null)
        {
            return;
        }

        if (entry is { Action: "audit.begin", Outcome: "damaged" or "rewritten" })
        {
            _findings.Add(new AuditFinding($"log-{entry.Outcome}", null, entry.LogId.ToString(), entry.Details));
        }

        if (IssuedCommand.TryRead(entry, out var command))
        {
            _issued[(command.Device, command.Id)] = command;
        }
    }

    private void Add(ExecutionsItem item)
    {
        if (!PrincipalId.TryParse(item.DeviceId, out var id)
            || !Base64.TryRead(item.Bytes, out var bytes)
            || !ExecutionBatch.TryRead(bytes, out var batch)
            || Point(item.Key) is not { } key)
        {
            _findings.Add(new AuditFinding("unverifiable", item.DeviceId, "record", "what the server shows as a part of a device's record is none"));
        }
        else if (Device(id).Add(batch, key) is { } wrong)
        {
            _findings.Add(wrong);
        }
    }

    private LogBook Log(ChainId id)
    {
        if (!_logs.TryGetValue(id, out var log))
        {
            _logs.Add(id, log = new LogBook(id));
        }

        return log;
    }

    private DeviceBook Device(PrincipalId id)
    {
        if (!_devices.TryGetValue(id, out var device))
        {
            _devices.Add(id, device = new DeviceBook(id));
        }

        return device;
    }
}
