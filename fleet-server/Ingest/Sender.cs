using Messaging.FleetServer.Clocks;
using Messaging.FleetServer.Telemetry;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>A device as a sender: its epochs in memory. Belongs to the one who ingests.</summary>
internal sealed class Sender : IDisposable
{
    /// <summary>A device that makes up boots loses the dates of its own data, and takes no more of our room.</summary>
    public const int MaxBoots = 2000;

    private readonly ITelemetryStore _store;
    private readonly Dictionary<Kid, OpenEpoch> _byKid = [];
    private readonly Dictionary<EpochId, OpenEpoch> _byPrevious = [];
    private readonly HashSet<ulong> _numbers = [];
    private readonly Queue<OpenEpoch> _cached = new();
    private readonly Dictionary<BootId, BootTimeline> _boots = [];

    public Sender(PrincipalId device, ITelemetryStore store)
    {
        Device = device;
        _store = store;
        var stored = store.Load(device);
        Floor = stored.Floor;
        foreach (var row in stored.Epochs)
        {
            Add(row);
        }

        foreach (var boot in stored.Boots)
        {
            _boots.Add(boot.Boot, boot);
        }
    }

    public PrincipalId Device { get; }

    /// <summary>Epoch numbers up to this one are over.</summary>
    public ulong Floor { get; }

    /// <summary>The epoch with the highest number.</summary>
    public OpenEpoch? Newest { get; private set; }

    public int Unfinished => _byKid.Values.Count(epoch => !epoch.IsFinished);

    /// <summary>Definitions of series of all epochs that are not finished.</summary>
    public int Series => _byKid.Values.Sum(epoch => epoch.Series.Count);

    /// <summary>When its last publication was handled.</summary>
    public long UsedAt { get; set; }

    /// <summary>When it was last asked for an opening.</summary>
    public long? RequestedAt { get; set; }

    /// <summary>When it was last asked what its numbers of series stand for.</summary>
    public long? SeriesRequestedAt { get; set; }

    /// <summary>A boot of the device, which is made when it is new; null when the device has too many.</summary>
    public BootTimeline? Boot(BootId id)
    {
        if (!_boots.TryGetValue(id, out var boot) && _boots.Count < MaxBoots)
        {
            _boots.Add(id, boot = new BootTimeline(id));
        }

        return boot;
    }

    public OpenEpoch? Find(Kid kid) => _byKid.GetValueOrDefault(kid);

    public OpenEpoch? Find(EpochId id) => _byKid.GetValueOrDefault(id.Kid) is { } epoch && epoch.Row.EpochId == id ? epoch : null;

    /// <summary>The epoch that came after this one.</summary>
    public OpenEpoch? Successor(EpochId id) => _byPrevious.GetValueOrDefault(id);

    public bool IsNumberUsed(ulong epochNo) => epochNo <= Floor || _numbers.Contains(epochNo);

    public OpenEpoch Add(EpochRow row)
    {
        var epoch = new OpenEpoch(row, _store);
        _byKid.Add(row.EpochId.Kid, epoch);
        _numbers.Add(row.EpochNo);
        if (row.PrevEpochId is { } previous)
        {
            _byPrevious.TryAdd(previous, epoch);
        }

        if (Newest is null || row.EpochNo > Newest.Row.EpochNo)
        {
            Newest = epoch;
        }

        return epoch;
    }

    /// <summary>Keeps a key, and lets go of the one that was kept longest when there are too many.</summary>
    public void Keep(OpenEpoch epoch, Messaging.Epochs.EpochReceiver key, int most)
    {
        epoch.Key = key;
        _cached.Enqueue(epoch);
        if (_cached.Count > most)
        {
            Drop(_cached.Dequeue());
        }
    }

    /// <summary>Closes the epochs of which everything is there, as their successors tell.</summary>
    public void Finish(List<EpochRow> finished)
    {
        foreach (var epoch in _byKid.Values)
        {
            if (!epoch.IsFinished && Successor(epoch.Row.EpochId) is { } successor && epoch.Reached(successor.Row.PrevLast))
            {
                epoch.Row.Final = successor.Row.PrevLast;
                finished.Add(epoch.Row);
                epoch.Series.Clear();
                Drop(epoch);
            }
        }
    }

    public static void Drop(OpenEpoch epoch)
    {
        epoch.Key?.Dispose();
        epoch.Key = null;
    }

    public void Dispose()
    {
        foreach (var epoch in _byKid.Values)
        {
            Drop(epoch);
        }
    }
}
