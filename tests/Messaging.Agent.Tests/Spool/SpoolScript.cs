using System.Globalization;
using System.Text;
using Messaging.Agent.Disk;
using Messaging.Agent.Spool;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Spool;

/// <summary>Writes like the agent does, and remembers what the spool promised.</summary>
internal sealed class SpoolScript(IDisk disk, SpoolLimits limits, string folder = SpoolScript.Folder)
{
    public const string Folder = "state/spool";
    public const uint Logs = 2;
    public const uint Events = 3;
    private readonly Dictionary<uint, ulong> _next = [];

    public FakeTimeProvider Time { get; } = new();

    public SpoolStore? Store { get; private set; }

    public EpochId Epoch { get; private set; }

    /// <summary>Every frame handed to the spool.</summary>
    public Dictionary<SpoolRecord, byte[]> Appended { get; } = [];

    /// <summary>Log records in the order of appending, with the checkpoint after each.</summary>
    public List<(SpoolRecord Record, string Checkpoint)> LogRecords { get; } = [];

    /// <summary>What may be gone.</summary>
    public HashSet<SpoolRecord> Acked { get; } = [];

    /// <summary>What must survive.</summary>
    public HashSet<SpoolRecord> Promised { get; } = [];

    public void Open()
    {
        Store = SpoolStore.Open(disk, folder, limits, Time);
        NextEpoch();
    }

    public void NextEpoch()
    {
        Epoch = EpochId.Generate();
        _next.Clear();
        Assert.True(Store!.AppendEpoch(Epoch, (Store.NewestEpoch?.Number ?? 0) + 1, Encoding.ASCII.GetBytes("open " + Epoch)));
    }

    public bool Append(uint stream, int size, bool durable)
    {
        var seq = _next.GetValueOrDefault(stream) + 1;
        _next[stream] = seq;
        var record = new SpoolRecord(new StreamKey(Epoch, stream), seq);
        var frame = Encoding.ASCII.GetBytes($"{stream} {seq} " + new string('x', size));
        Appended.Add(record, frame);
        var checkpoint = LogRecords.Count.ToString(CultureInfo.InvariantCulture);
        Checkpoint[] checkpoints = stream == Logs ? [new Checkpoint("file/a", Encoding.ASCII.GetBytes(checkpoint))] : [];
        if (stream == Logs)
        {
            LogRecords.Add((record, checkpoint));
        }

        var appended = Store!.AppendRecord(record, frame, checkpoints, durable);
        if (appended && durable)
        {
            Promise();
        }

        return appended;
    }

    public void Sync()
    {
        if (Store!.Sync())
        {
            Promise();
        }
    }

    public void Ack(uint stream, ulong through)
    {
        Acked.UnionWith(Appended.Keys.Where(record => record.Key == new StreamKey(Epoch, stream) && record.Seq <= through));
        Promised.ExceptWith(Acked);
        Store!.Ack(Epoch, stream, through);
    }

    /// <summary>All that can be read, in order.</summary>
    public static List<(SpoolRecord Record, byte[] Frame)> ReadAll(SpoolStore store)
    {
        var all = new List<(SpoolRecord, byte[])>();
        var cursor = default(SpoolCursor);
        while (store.TryRead(ref cursor, out var record, out var frame))
        {
            all.Add((record, frame));
        }

        return all;
    }

    private void Promise() => Promised.UnionWith(Appended.Keys.Where(record => !Acked.Contains(record)));
}
