using System.Globalization;
using System.Text;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Spool;

/// <summary>Judges what a new boot makes of the disk after a power cut.</summary>
internal static class SpoolOracle
{
    /// <param name="world">What happened.</param>
    /// <param name="disk">What is left of it.</param>
    /// <param name="limits">Of the spool.</param>
    /// <param name="completed">How many operations of the disk were completed before the cut.</param>
    public static void Check(SpoolWorld world, CrashDisk disk, SpoolLimits limits, int completed)
    {
        var store = SpoolStore.Open(disk, SpoolWorld.Folder, limits, new FakeTimeProvider());
        var problems = store.TakeProblems();
        Assert.DoesNotContain(problems, problem => problem.Kind is not SpoolProblemKind.TornTail);

        var read = SpoolScript.ReadAll(store);
        var here = read.Select(item => item.Record).ToHashSet();
        Assert.Equal(read.Count, here.Count);
        foreach (var (record, frame) in read)
        {
            Assert.Equal(world.Records[record].Frame, frame);
            Assert.True(store.TryFindEpoch(record.Key.Epoch, out var epoch));
            Assert.Equal(world.Epochs[epoch.Id].Frame, epoch.OpenFrame);
        }

        Assert.Superset(here.Select(record => record.Key.Epoch).ToHashSet(), store.EpochsToOpen().Select(epoch => epoch.Id).ToHashSet());
        var gaps = CheckGaps(world, store, here, completed);
        CheckPromises(world, here, gaps, completed);
        CheckLines(world, store, here, gaps, completed);
        CheckEpochs(world, store, disk, completed);
        CheckGoesOn(disk, limits);
    }

    private static HashSet<SpoolRecord> CheckGaps(SpoolWorld world, SpoolStore store, HashSet<SpoolRecord> here, int completed)
    {
        var lost = new HashSet<SpoolRecord>();
        foreach (var gap in store.OutstandingGaps())
        {
            for (var seq = gap.Range.From; seq <= gap.Range.To; seq++)
            {
                var record = new SpoolRecord(gap.Key, seq);
                Assert.True(lost.Add(record), $"{record} is in two gaps");
                Assert.DoesNotContain(record, here);
                Assert.True(world.Records.TryGetValue(record, out var known), $"{record} of {gap} was never there");
                Assert.True(known.LostAt <= completed, $"{record} of {gap} was not given up");
                Assert.Contains(gap.Reason, known.Reasons);
            }
        }

        return lost;
    }

    private static void CheckPromises(SpoolWorld world, HashSet<SpoolRecord> here, HashSet<SpoolRecord> gaps, int completed)
    {
        foreach (var (record, known) in world.Records)
        {
            if (known.PromisedAt <= completed && known.AckedAt > completed && known.SettledAt > completed)
            {
                Assert.True(here.Contains(record) || gaps.Contains(record), $"{record} was synced and is lost");
            }
        }
    }

    /// <summary>The position is exactly the one after the last line that is in the spool or was delivered: none lost, none twice.</summary>
    private static void CheckLines(SpoolWorld world, SpoolStore store, HashSet<SpoolRecord> here, HashSet<SpoolRecord> gaps, int completed)
    {
        var checkpoint = store.Checkpoints("file/") is [var found] ? int.Parse(Encoding.ASCII.GetString(found.Value.Span), CultureInfo.InvariantCulture) : 0;
        var sealedLines = new HashSet<int>();
        var accounted = new HashSet<int>();
        foreach (var (record, known) in world.Records.Where(pair => pair.Value.Line >= 0))
        {
            if (here.Contains(record) || known.DeliveredAt <= completed)
            {
                Assert.True(sealedLines.Add(known.Line), $"line {known.Line} is in two records");
                Assert.True(known.Line < checkpoint, $"line {known.Line} is sealed and would be again, at {checkpoint}");
                accounted.Add(known.Line);
            }
            else if (gaps.Contains(record) || known.SettledAt <= completed)
            {
                accounted.Add(known.Line);
            }
        }

        for (var line = 0; line < checkpoint; line++)
        {
            Assert.True(accounted.Contains(line), $"line {line} is before the position {checkpoint} and nowhere");
        }
    }

    private static void CheckEpochs(SpoolWorld world, SpoolStore store, CrashDisk disk, int completed)
    {
        var next = new EpochCounter(disk, SpoolWorld.EpochFile).Next(store.NewestEpoch?.Number ?? 0);
        foreach (var (id, (number, _, usedAt)) in world.Epochs)
        {
            if (usedAt <= completed)
            {
                Assert.True(number < next, $"epoch {id} has used {number}, and {next} is next");
            }
        }

        if (store.NewestEpoch is { } newest)
        {
            foreach (var (record, known) in world.Records)
            {
                if (record.Key.Epoch == newest.Id && known.DeliveredAt <= completed)
                {
                    Assert.True(newest.LastSeq.GetValueOrDefault(record.Key.Stream) >= record.Seq, $"{record} was delivered, and its epoch would be said to end before it");
                }
            }
        }
    }

    private static void CheckGoesOn(CrashDisk disk, SpoolLimits limits)
    {
        var next = new SpoolScript(disk, limits, SpoolWorld.Folder);
        next.Open();
        Assert.True(next.Append(SpoolScript.Events, 10, durable: true));
        Assert.Contains(new SpoolRecord(new StreamKey(next.Epoch, SpoolScript.Events), 1), SpoolScript.ReadAll(next.Store!).Select(item => item.Record));
    }
}
