using Messaging.Acks;
using Messaging.Commands;
using Messaging.Files;
using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Relaying;
using Messaging.FleetServer.Telemetry;
using Messaging.FleetServer.Updates.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>What a group of publications comes to: what is to be stored, and what is to be done once it is.</summary>
internal sealed class IngestGroup
{
    private readonly HashSet<(OpenEpoch Epoch, uint StreamId)> _windows = [];
    private readonly Dictionary<PrincipalId, HashSet<OpenEpoch>> _acks = [];

    public TelemetryGroup Rows { get; } = new();

    /// <summary>Senders whose state in memory is ahead of the store until the group is written.</summary>
    public HashSet<Sender> Senders { get; } = [];

    /// <summary>When the newest authentic and new record of a device came.</summary>
    public Dictionary<PrincipalId, DateTimeOffset> Authenticated { get; } = [];

    /// <summary>Done once the group is durable, before anything is acknowledged. Quick.</summary>
    public List<Action> AfterCommit { get; } = [];

    /// <summary>Answers to devices, sent once the group is durable.</summary>
    public List<Func<CancellationToken, Task>> Answers { get; } = [];

    /// <summary>Files that were looked up, or begin in this group.</summary>
    public Dictionary<(PrincipalId Device, TransferId Transfer), FileRow> FoundFiles { get; } = [];

    /// <summary>Chunks that count as received once they are on the disk.</summary>
    public List<(OpenedRecord Record, FileRow Row, FileChunk Chunk)> Chunks { get; } = [];

    /// <summary>What devices say of commands, in the order in which it came.</summary>
    public Dictionary<PrincipalId, List<CommandReport>> Reports { get; } = [];

    /// <summary>What devices say of updates, in the order in which it came.</summary>
    public List<UpdateWord> Updates { get; } = [];

    public int Records { get; private set; }

    public IEnumerable<KeyValuePair<PrincipalId, HashSet<OpenEpoch>>> Acks => _acks;

    public void Accept(Sender sender, OpenEpoch epoch, uint streamId, DateTimeOffset receivedAt)
    {
        Records++;
        Senders.Add(sender);
        Touch(sender, epoch, streamId);
        Authenticate(sender.Device, receivedAt);
    }

    /// <summary>A window changed and is to be stored.</summary>
    public void Touch(Sender sender, OpenEpoch epoch, uint streamId)
    {
        if (streamId == Messaging.Streams.StreamId.Volatile || epoch.IsFinished)
        {
            return;
        }

        _windows.Add((epoch, streamId));
        Acknowledge(sender, epoch);
    }

    public void Acknowledge(Sender sender, OpenEpoch epoch)
    {
        if (!_acks.TryGetValue(sender.Device, out var epochs))
        {
            _acks.Add(sender.Device, epochs = []);
        }

        epochs.Add(epoch);
    }

    public void Authenticate(PrincipalId device, DateTimeOffset receivedAt)
    {
        if (!Authenticated.TryGetValue(device, out var known) || receivedAt > known)
        {
            Authenticated[device] = receivedAt;
        }
    }

    /// <summary>More is known of a boot than is stored.</summary>
    public void Keep(Sender sender, BootTimeline boot)
    {
        if (boot.IsChanged)
        {
            Senders.Add(sender);
            Rows.Boots[boot] = sender.Device;
        }
    }

    /// <summary>Epochs that are complete by now are closed; the windows of the others are saved.</summary>
    public void Complete()
    {
        foreach (var sender in Senders)
        {
            sender.Finish(Rows.FinishedEpochs);
        }

        foreach (var (epoch, streamId) in _windows.Where(window => !window.Epoch.IsFinished))
        {
            Rows.Windows.Add(new WindowRow(epoch.Row, streamId, epoch.Window(streamId).Save()));
        }
    }
}
