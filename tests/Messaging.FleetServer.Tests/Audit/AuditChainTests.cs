using Messaging.Audit;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Audit.Checkpoints;
using Messaging.FleetServer.Audit.Findings;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Tests.Audit;

/// <summary>What the log proves, and what becomes of it when somebody with the server's files changes it.</summary>
public sealed class AuditChainTests : IAsyncLifetime
{
    private readonly AuditBench _bench = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Columns => new(
        "LogId = '00112233445566778899aabbccddeeff'", "Number = 99", "Previous = zeroblob(32)", "Hash = zeroblob(32)", "Time = Time + 1",
        "ActorKind = 'system'", "ActorId = '2'", "Actor = 'mallory'", "Action = 'test.other'", "Target = ''", "Outcome = 'denied'", "Address = ''", "Details = ''",
        "Id = 1000");

    public async ValueTask InitializeAsync() => await _bench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Append_ByManyAtOnce_GivesOneChainWithoutAHole()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => _bench.AppendAsync(4)));

        var entries = await _bench.EntriesAsync();
        Assert.Equal(200, entries.Count);
        Follow(entries);
    }

    [Fact]
    public async Task Append_BesideTheServer_GoesOnWithItsChain()
    {
        await _bench.AppendAsync(2);
        using (var commandLine = new AuditLog(_bench.Database, _bench.Time))
        {
            await commandLine.AppendAsync(new AuditRecord("enrolment-token.create"), Cancellation);
        }

        await _bench.AppendAsync(2);

        Follow(await _bench.EntriesAsync());
        Assert.Empty(await _bench.Findings.ListAsync(true, null, 10, Cancellation));
    }

    [Fact]
    public async Task Append_OfWhatIsNoValidText_IsStoredAsItIsHashed()
    {
        await _bench.Log.AppendAsync(new AuditRecord("a\ud800\u0000", new string('\u20ac', 600), "ok", "x\udfff") { Actor = "\n" }, Cancellation);

        Follow(await _bench.EntriesAsync());
        Assert.True(await _bench.Keeper.VerifyAsync(Cancellation));
    }

    [Theory]
    [MemberData(nameof(Columns))]
    public async Task Start_AfterAnyColumnWasChanged_GoesOnInANewLogThatSaysSo(string change)
    {
        await _bench.AppendAsync(5);
        await _bench.KillAsync();
        _bench.Tamper($"UPDATE audit SET {change} WHERE Number = 3");

        await _bench.StartAsync();

        await GoesOnInANewLog();
    }

    [Theory]
    [InlineData("DELETE FROM audit WHERE Number = 3")]
    [InlineData("DELETE FROM audit WHERE Number > 3")]
    [InlineData("DELETE FROM audit")]
    [InlineData("UPDATE audit SET Id = CASE Number WHEN 2 THEN 903 ELSE 902 END WHERE Number IN (2, 3); UPDATE audit SET Id = Id - 900 WHERE Id > 900")]
    [InlineData("UPDATE audit_checkpoints SET Bytes = zeroblob(170) WHERE Id = (SELECT max(Id) FROM audit_checkpoints)")]
    public async Task Start_AfterDeletionReorderingOrAForgedCheckpoint_GoesOnInANewLogThatSaysSo(string sql)
    {
        await _bench.AppendAsync(5);
        await _bench.StopAsync();
        _bench.Tamper(sql);
        // What is before the newest checkpoint is found by the look at all of it, which begins with the start.
        await _bench.StartAsync();

        await GoesOnInANewLog();
    }

    [Fact]
    public async Task Verify_OfAnEntryBeforeTheNewestCheckpoint_FindsTheChange()
    {
        await _bench.AppendAsync(5);
        await _bench.StopAsync();
        await _bench.StartAsync();
        await Eventually(() => Task.FromResult(_bench.Keeper.Verified is not null));
        Assert.Equal(5, _bench.Keeper.Verified!.Value.Entry.Number);
        _bench.Tamper("UPDATE audit SET Actor = 'mallory' WHERE Number = 2");

        Assert.False(await _bench.Keeper.VerifyAsync(Cancellation));

        await GoesOnInANewLog();
    }

    [Fact]
    public async Task Append_AfterTheEndWasCutOffWhileItRan_GoesOnInANewLogThatSaysSo()
    {
        await _bench.AppendAsync(5);
        _bench.Tamper("DELETE FROM audit WHERE Number = 5");

        await _bench.AppendAsync(1);

        var entries = await _bench.EntriesAsync();
        Assert.Equal(("audit.begin", AuditRecord.Damaged, 1L), (entries[^2].Action, entries[^2].Outcome, entries[^2].Number));
        Assert.Contains("entry 5", entries[^2].Details, StringComparison.Ordinal);
        Assert.Equal(2, entries[^1].Number);
    }

    [Fact]
    public async Task Start_WithAnOlderDatabaseBesideTheNewestCheckpoint_GoesOnInANewLog()
    {
        await _bench.AppendAsync(3);
        await _bench.StopAsync();
        File.Copy(_bench.Registry, _bench["older.db"]);
        await _bench.StartAsync();
        await _bench.AppendAsync(3);
        await _bench.StopAsync();
        File.Copy(_bench["older.db"], _bench.Registry, overwrite: true);

        await _bench.StartAsync();

        await GoesOnInANewLog("ends with entry 3");
    }

    [Fact]
    public async Task Start_WithABackup_BeginsANewLogWithoutAlarm()
    {
        await _bench.AppendAsync(3);
        await _bench.StopAsync();
        File.Delete(_bench.HeadFile);

        await _bench.StartAsync();

        var last = (await _bench.EntriesAsync())[^1];
        Assert.Equal(("audit.begin", AuditRecord.Restored, 1L), (last.Action, last.Outcome, last.Number));
        Assert.Empty(await _bench.Findings.ListAsync(true, null, 10, Cancellation));
    }

    [Fact]
    public async Task Start_WithRenewedKeys_BeginsANewLog()
    {
        await _bench.AppendAsync(3);
        await _bench.StopAsync();
        _bench.RenewKeys();

        await _bench.StartAsync();

        Assert.Equal(AuditRecord.ServerRenewed, (await _bench.EntriesAsync())[^1].Outcome);
        Assert.Equal(_bench.Keys.ServerId, _bench.Keeper.Newest!.Server);
    }

    [Fact]
    public async Task Start_AfterAKillBeforeAnyCheckpointOfTheNewest_IsNoDamage()
    {
        await _bench.AppendAsync(3);
        await _bench.KillAsync();

        await _bench.StartAsync();
        await _bench.AppendAsync(1);

        Follow(await _bench.EntriesAsync());
    }

    [Fact]
    public async Task Checkpoints_AreSignedAfterSoManyEntriesAtTheStartAndAtTheEnd()
    {
        await _bench.StopAsync();
        await _bench.StartAsync(new AuditOptions { EntriesPerCheckpoint = 10 });
        await _bench.AppendAsync(31);
        await Eventually(() => Task.FromResult(_bench.Keeper.Newest?.Number >= 20));
        await _bench.AppendAsync(1);
        await _bench.StopAsync();

        Assert.True(LogCheckpoint.TryRead(File.ReadAllBytes(_bench.HeadFile), out var last));
        Assert.Equal(32, last.Number);
        Assert.True(last.IsSignedBy(_bench.Keys.Server.Public));
        await _bench.StartAsync();
        Assert.Equal(last.Hash, _bench.Keeper.Newest!.Hash);
    }

    [Fact]
    public async Task Retention_OfHalfOfTheLog_LeavesAChainThatFollowsACheckpoint()
    {
        await using var bench = new AuditBench(daysAgo: 100);
        await bench.StartAsync();
        await bench.AppendAsync(5);
        await bench.StopAsync();
        bench.Time.SetUtcNow(bench.Time.GetUtcNow().AddDays(50));
        await bench.StartAsync();
        await bench.AppendAsync(5);
        var retention = new AuditRetention(bench.Database);

        Assert.Equal(5, await retention.DeleteBeforeAsync(bench.Time.GetUtcNow().AddDays(-10), Cancellation));

        Assert.Equal([6, 7, 8, 9, 10], (await bench.EntriesAsync()).Select(static entry => entry.Number));
        Assert.True(await bench.Keeper.VerifyAsync(Cancellation));
        await bench.StopAsync();
        await bench.StartAsync();
        Assert.Equal(5, (await bench.EntriesAsync()).Count);
        await bench.StopAsync();

        // The keeper may have signed just that one when it first looked; without it, nothing explains where the log begins.
        bench.Tamper("DELETE FROM audit WHERE Number = 6; DELETE FROM audit_checkpoints WHERE Number = 6");
        await bench.StartAsync();
        await Eventually(async () => (await bench.Findings.ListAsync(true, null, 10, Cancellation)).Count > 0);
    }

    [Fact]
    public async Task Database_AskedToChangeOrDeleteACheckpoint_Refuses()
    {
        await _bench.AppendAsync(1);
        await _bench.StopAsync();
        await _bench.StartAsync();
        await using var db = await _bench.Database.CreateDbContextAsync(Cancellation);

        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => db.Database.ExecuteSqlRawAsync("UPDATE audit_checkpoints SET Number = 7", Cancellation));
        await Assert.ThrowsAsync<Microsoft.Data.Sqlite.SqliteException>(() => db.Database.ExecuteSqlRawAsync("DELETE FROM audit_checkpoints", Cancellation));
    }

    [Fact]
    public async Task Finding_Acknowledged_StaysAndCountsNoMore()
    {
        await _bench.Findings.AddAsync(FindingKind.LogDamaged, "", "log", "why", Cancellation);
        await _bench.Findings.AddAsync(FindingKind.LogDamaged, "", "log", "again", Cancellation);
        var found = Assert.Single(await _bench.Findings.ListAsync(true, null, 10, Cancellation));
        Assert.True(_bench.Findings.LogIsDamaged);

        await _bench.Findings.AcknowledgeAsync(found.Id, "alice", Cancellation);
        await _bench.Findings.AcknowledgeAsync(found.Id, "bob", Cancellation);

        Assert.False(_bench.Findings.LogIsDamaged);
        Assert.Empty(await _bench.Findings.ListAsync(true, null, 10, Cancellation));
        Assert.Equal(("alice", "why"), (await _bench.Findings.ListAsync(false, null, 10, Cancellation)).Select(row => (row.AcknowledgedBy, row.Details)).Single());
    }

    private static void Follow(List<AuditEntry> entries)
    {
        Assert.True(ChainId.TryParse(entries[0].LogId, out var log));
        var verifier = new LogVerifier(log, null);
        Assert.All(entries, entry => Assert.Null(verifier.Next(entry.Logged()!, entry.Hash)));
        Assert.Equal(entries.Count, verifier.Head.Number);
    }

    private static Task Eventually(Func<Task<bool>> condition) => Harness.Until.True(condition, "the audit's keeper has looked");

    private async Task GoesOnInANewLog(string? says = null)
    {
        await Eventually(async () => (await _bench.Findings.ListAsync(true, null, 10, Cancellation)).Count > 0);
        var begin = (await _bench.EntriesAsync()).Last(static entry => entry.Action == "audit.begin");
        Assert.Equal((AuditRecord.Damaged, 1L), (begin.Outcome, begin.Number));
        Assert.Contains(says ?? "", begin.Details, StringComparison.Ordinal);
        Assert.Contains((await _bench.Findings.ListAsync(true, null, 10, Cancellation)), static row => row.Kind == FindingKind.LogDamaged);
        Assert.True(_bench.Findings.LogIsDamaged);
        Assert.Contains("is not what was written", _bench.Logs.Text, StringComparison.Ordinal);
        await _bench.AppendAsync(2);
        Follow([.. (await _bench.EntriesAsync()).Where(entry => entry.LogId == begin.LogId).OrderBy(static entry => entry.Number)]);
        await _bench.StopAsync();
        await _bench.StartAsync();
        Assert.Equal(begin.LogId, await _bench.NewestLogAsync());
    }
}
