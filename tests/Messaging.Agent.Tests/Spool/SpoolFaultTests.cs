using CsCheck;
using Messaging.Agent.Spool;
using Messaging.Agent.Tests.Disk;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Spool;

public sealed class SpoolFaultTests
{
    private static readonly SpoolLimits Small = new() { SegmentBytes = 2000, MaxBytes = 8000 };

    [Fact]
    public void AppendRecord_WhenTheDiskIsFull_IsAGapAndHealsByItself()
    {
        var disk = new FaultDisk();
        var script = new SpoolScript(disk, Small);
        script.Open();
        Assert.True(script.Append(SpoolScript.Events, 50, durable: true));

        disk.Fail = operation => operation is "write" or "create";
        Assert.False(script.Append(SpoolScript.Events, 50, durable: true));
        Assert.False(script.Append(SpoolScript.Events, 50, durable: true));
        Assert.Equal("injected: write", script.Store!.Counts().Failure);
        Assert.Contains(script.Store.TakeProblems(), problem => problem.Kind == SpoolProblemKind.WriteFailed);

        disk.Fail = null;
        Assert.False(script.Append(SpoolScript.Events, 50, durable: true));
        script.Time.Advance(Small.RetryAfter);
        Assert.True(script.Append(SpoolScript.Events, 50, durable: true));
        Assert.Null(script.Store.Counts().Failure);
        Assert.Contains(script.Store.TakeProblems(), problem => problem.Kind == SpoolProblemKind.Recovered);
        Assert.Equal([new SpoolGap(Key(script), new SeqRange(2, 4), GapReason.DiskFailed)], script.Store.OutstandingGaps());
        Assert.Equal([1UL, 5UL], SpoolScript.ReadAll(script.Store).Select(item => item.Record.Seq));

        var after = SpoolStore.Open(disk.Restart(), SpoolScript.Folder, Small, script.Time);
        Assert.Equal([new SpoolGap(Key(script), new SeqRange(2, 4), GapReason.DiskFailed)], after.OutstandingGaps());
    }

    [Fact]
    public void Sync_WhenItFails_CountsWhatWasNotSyncedAsAGapAndNeverSendsIt()
    {
        var disk = new FaultDisk();
        var script = new SpoolScript(disk, Small);
        script.Open();
        script.Append(SpoolScript.Events, 50, durable: true);
        script.Append(SpoolScript.Logs, 50, durable: false);
        script.Append(SpoolScript.Logs, 50, durable: false);
        disk.Fail = operation => operation == "sync";

        Assert.False(script.Store!.Sync());

        disk.Fail = null;
        Assert.Equal([new SpoolRecord(Key(script), 1)], SpoolScript.ReadAll(script.Store).Select(item => item.Record));
        Assert.Equal([new SpoolGap(new StreamKey(script.Epoch, SpoolScript.Logs), new SeqRange(1, 2), GapReason.DiskFailed)], script.Store.OutstandingGaps());
        script.Time.Advance(Small.RetryAfter);
        Assert.True(script.Append(SpoolScript.Events, 50, durable: true));
        Assert.Equal(2, SpoolScript.ReadAll(SpoolStore.Open(disk.Restart(), SpoolScript.Folder, Small, script.Time)).Count);
    }

    [Fact]
    public void AppendRecord_BeyondTheQuota_DropsTheOldestAndSaysExactlyWhich()
    {
        var disk = new FaultDisk();
        var script = new SpoolScript(disk, Small);
        script.Open();
        for (var i = 0; i < 60; i++)
        {
            Assert.True(script.Append(SpoolScript.Logs, 200, durable: false));
        }

        script.Sync();

        var left = SpoolScript.ReadAll(script.Store!).Select(item => item.Record.Seq).ToArray();
        Assert.InRange(script.Store!.Counts().Bytes, 1, Small.MaxBytes);
        Assert.InRange(left.Length, 10, 59);
        Assert.Equal(60UL, left[^1]);
        Assert.Equal([new SpoolGap(new StreamKey(script.Epoch, SpoolScript.Logs), new SeqRange(1, left[0] - 1), GapReason.Quota)], script.Store.OutstandingGaps());
        Assert.Equal((long)left[0] - 1, script.Store.Counts().EvictedRecords);
        Assert.Equal(script.Epoch, Assert.Single(script.Store.EpochsToOpen()).Id);
    }

    [Fact]
    public void RetireGap_WhenReported_IsNotReportedAgainAfterARestart()
    {
        var disk = new FaultDisk();
        var script = new SpoolScript(disk, Small);
        script.Open();
        for (var i = 0; i < 60; i++)
        {
            script.Append(SpoolScript.Logs, 200, durable: false);
        }

        script.Store!.RetireGap(Assert.Single(script.Store.OutstandingGaps()));
        Assert.Empty(script.Store.OutstandingGaps());
        script.NextEpoch();
        for (var i = 0; i < 10; i++)
        {
            script.Append(SpoolScript.Events, 200, durable: false);
        }

        script.Store.Dispose();
        var quota = SpoolStore.Open(disk.Restart(), SpoolScript.Folder, Small, script.Time).OutstandingGaps();
        Assert.All(quota, gap => Assert.NotEqual(1UL, gap.Range.From));
    }

    [Fact]
    public void Ack_OfAWholeSegment_FreesItAndLooksLikeNoLossAfterARestart()
    {
        var disk = new FaultDisk();
        var script = new SpoolScript(disk, Small);
        script.Open();
        for (var i = 0; i < 20; i++)
        {
            script.Append(SpoolScript.Logs, 200, durable: false);
        }

        script.Sync();
        var before = script.Store!.Counts();
        script.Ack(SpoolScript.Logs, 19);

        Assert.Equal(1, script.Store.Counts().UnackedRecords);
        Assert.True(script.Store.Counts().Bytes < before.Bytes);
        Assert.Equal(20UL, Assert.Single(SpoolScript.ReadAll(script.Store)).Record.Seq);
        var after = SpoolStore.Open(disk.Restart(), SpoolScript.Folder, Small, script.Time);
        Assert.Empty(after.OutstandingGaps());
        Assert.Contains(SpoolScript.ReadAll(after), item => item.Record.Seq == 20);
    }

    [Fact]
    public void Ack_BeyondWhatExists_IsNotBelieved()
    {
        var script = new SpoolScript(new FaultDisk(), Small);
        script.Open();
        script.Append(SpoolScript.Logs, 20, durable: true);
        script.Ack(SpoolScript.Logs, ulong.MaxValue);

        script.Append(SpoolScript.Logs, 20, durable: true);

        Assert.Equal(2UL, Assert.Single(SpoolScript.ReadAll(script.Store!)).Record.Seq);
        Assert.False(script.Store!.Ack(EpochId.Generate(), 1, 5));
    }

    [Fact]
    public void AppendEpoch_BeyondTheLimit_DropsTheOldestEpochAsAGap()
    {
        var script = new SpoolScript(new FaultDisk(), Small with { MaxBytes = 1 << 20, MaxEpochs = 3 });
        script.Open();
        var first = script.Epoch;
        script.Append(SpoolScript.Events, 20, durable: true);
        for (var i = 0; i < 3; i++)
        {
            script.NextEpoch();
            script.Append(SpoolScript.Events, 20, durable: true);
        }

        Assert.Equal(3, SpoolScript.ReadAll(script.Store!).Count);
        Assert.Equal([new SpoolGap(new StreamKey(first, SpoolScript.Events), new SeqRange(1, 1), GapReason.TooManyEpochs)], script.Store!.OutstandingGaps());
    }

    [Fact]
    public void Open_WithAnyByteChanged_GivesOnlyWhatWasAppendedAndNamesTheRest() =>
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Byte[1, 255]).Sample(
            (place, flip) =>
            {
                var disk = new FaultDisk();
                var script = Filled(disk);
                var damaged = disk.Restart();
                var files = damaged.List(SpoolScript.Folder).Order(StringComparer.Ordinal).ToArray();
                var content = damaged.Content(SpoolScript.Folder + "/" + files[place % files.Length]);
                content[place / files.Length % content.Count] ^= flip;

                var store = SpoolStore.Open(damaged, SpoolScript.Folder, Small, new FakeTimeProvider());

                var read = SpoolScript.ReadAll(store);
                Assert.All(read, item => Assert.Equal(script.Appended[item.Record], item.Frame));
                Assert.NotEmpty(store.TakeProblems());
                var known = read.Select(item => item.Record).ToHashSet();
                foreach (var gap in store.OutstandingGaps())
                {
                    for (var seq = gap.Range.From; seq <= gap.Range.To; seq++)
                    {
                        known.Add(new SpoolRecord(gap.Key, seq));
                    }
                }

                // After the last sync that the spool knows of, damage looks like a power cut: nothing is known to have existed.
                Assert.Superset(script.Appended.Keys.Take(30).Where(script.Promised.Contains).ToHashSet(), known);
            },
            iter: 1500,
            threads: 1);

    [Fact]
    public void Open_WithTruncatedOrOversizedOrForeignFiles_GoesOn()
    {
        foreach (var harm in new Action<List<byte>>[]
        {
            content => content.Clear(),
            content => content.RemoveRange(1, content.Count - 1),
            content => content.RemoveRange(content.Count / 2, content.Count - (content.Count / 2)),
            content => content.AddRange(new byte[300_000]),
            content => content.InsertRange(0, new byte[17]),
        })
        {
            for (var i = 0; ; i++)
            {
                var disk = new FaultDisk();
                var script = Filled(disk);
                var harmed = disk.Restart();
                var files = harmed.List(SpoolScript.Folder);
                if (i >= files.Count)
                {
                    break;
                }

                harm(harmed.Content(SpoolScript.Folder + "/" + files[i]));
                var next = new SpoolScript(harmed, Small);
                next.Open();
                Assert.NotEmpty(next.Store!.TakeProblems());
                Assert.True(next.Append(SpoolScript.Events, 10, durable: true));
            }
        }
    }

    [Fact]
    public void Open_WithASegmentOfAnotherVersion_SetsItAsideAndSaysSo()
    {
        var disk = new FaultDisk();
        Filled(disk);
        var other = disk.Restart();
        foreach (var name in other.List(SpoolScript.Folder).Where(name => name.EndsWith(".seg", StringComparison.Ordinal)))
        {
            var header = other.Content(SpoolScript.Folder + "/" + name);
            header[8] = 9;
            var checksum = Messaging.Agent.Disk.Crc32C.Append(
                Messaging.Agent.Disk.Crc32C.Compute(header.Take(12).ToArray()),
                header.Skip(16).Take(24).ToArray());
            BitConverter.GetBytes(checksum).CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(header)[12..]);
        }

        var next = new SpoolScript(other, Small);
        next.Open();

        Assert.Contains(next.Store!.TakeProblems(), problem => problem.Kind == SpoolProblemKind.OtherVersion);
        Assert.True(next.Append(SpoolScript.Events, 10, durable: true));
        Assert.Single(SpoolScript.ReadAll(next.Store));
    }

    [Fact]
    public void TryRead_WhenBytesRotWhileRunning_SkipsThemAsAGap()
    {
        var disk = new FaultDisk();
        var script = new SpoolScript(disk, Small);
        script.Open();
        for (var i = 0; i < 5; i++)
        {
            script.Append(SpoolScript.Logs, 100, durable: true);
        }

        var name = SpoolScript.Folder + "/" + disk.List(SpoolScript.Folder).Single();
        var content = disk.Content(name);
        content[content.Count / 2] ^= 1;

        var read = SpoolScript.ReadAll(script.Store!).Select(item => item.Record.Seq).ToArray();

        Assert.Equal(4, read.Length);
        var gap = Assert.Single(script.Store!.OutstandingGaps());
        Assert.DoesNotContain(gap.Range.From, read);
        Assert.Equal(GapReason.Corrupt, gap.Reason);
        Assert.Equal(read, SpoolScript.ReadAll(script.Store).Select(item => item.Record.Seq));
    }

    [Fact]
    public void Open_OnADiskThatOnlyReads_StillGivesWhatIsThere()
    {
        var disk = new FaultDisk();
        var script = Filled(disk);
        var readOnly = disk.Restart();
        readOnly.Fail = operation => operation is not "read" and not "mkdir";

        var store = SpoolStore.Open(readOnly, SpoolScript.Folder, Small, script.Time);

        Assert.NotEmpty(SpoolScript.ReadAll(store));
        Assert.False(store.AppendRecord(new SpoolRecord(Key(script), 1000), new byte[10], [], durable: true));
        Assert.NotNull(store.Counts().Failure);
    }

    private static SpoolScript Filled(FaultDisk disk)
    {
        var script = new SpoolScript(disk, Small);
        script.Open();
        for (var i = 0; i < 40; i++)
        {
            script.Append(i % 3 == 0 ? SpoolScript.Events : SpoolScript.Logs, 30, durable: i % 7 == 0);
        }

        script.Sync();
        script.Ack(SpoolScript.Events, 2);
        script.Store!.SaveAcks();
        return script;
    }

    private static StreamKey Key(SpoolScript script) => new(script.Epoch, SpoolScript.Events);
}
