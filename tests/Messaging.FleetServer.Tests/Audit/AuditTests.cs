using Messaging.FleetServer.Access;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Audit;

public sealed class AuditTests : IAsyncLifetime
{
    // From the real time on: the database asks SQLite for it. Not moved there later, which would make up for every timer in between.
    private readonly ApiHost _host = new() { Time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds())) };

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Change_ByAnApiToken_SaysWhoWhatWhereAndHow()
    {
        var device = _host.Devices.Add(FakeDevices.Device(new string('a', 32)));
        using var client = await _host.With(OperatorRole.Operator);

        await client.Patch($"/api/v1/devices/{device.Id}", """{"name":"pump"}""");

        var entry = (await Entries())[0];
        Assert.Equal(
            ("api-token", "test Operator", "device.update", $"devices/{device.Id}", "ok", "127.0.0.1", "name: pump"),
            (entry.ActorKind, entry.Actor, entry.Action, entry.Target, entry.Outcome, entry.Address, entry.Details));
        Assert.Equal(_host.Time.GetUtcNow(), entry.Time);
    }

    [Fact]
    public async Task Change_ThatIsNotAllowed_IsWrittenAsDenied()
    {
        using var client = await _host.With(OperatorRole.Viewer);

        await client.Delete($"/api/v1/devices/{new string('a', 32)}");

        var entry = (await Entries())[0];
        Assert.Equal(("device.revoke", AuditRecord.Denied), (entry.Action, entry.Outcome));
    }

    [Fact]
    public async Task Change_ThatFails_IsWrittenWithItsCode()
    {
        using var client = await _host.With(OperatorRole.Operator);

        await client.Delete($"/api/v1/devices/{new string('a', 32)}");

        Assert.Equal("device_not_found", (await Entries())[0].Outcome);
    }

    [Fact]
    public async Task Change_ByNobody_IsNotWritten()
    {
        using var client = _host.Anonymous();

        await client.Delete($"/api/v1/devices/{new string('a', 32)}");

        Assert.Empty(await Entries());
    }

    [Fact]
    public async Task SignIn_WithAWrongPassword_NamesTheAccountAndTheAddress()
    {
        using var client = _host.Anonymous();

        await client.Post("/api/v1/session", """{"username":"ma\u0007x","password":"wrong password"}""");

        var entry = Assert.Single(await Entries());
        Assert.Equal(("session.create", "operators/ma x", "wrong_credentials"), (entry.Action, entry.Target, entry.Outcome));
    }

    [Fact]
    public async Task Secrets_OfRequestsAndAnswers_AreInNoEntry()
    {
        using var client = await _host.With(OperatorRole.Owner);
        await client.Post("/api/v1/operators", $$"""{"username":"max","password":"{{ApiHost.Password}}","role":"viewer"}""");
        var token = (await client.Post("/api/v1/api-tokens", """{"name":"ci","role":"viewer"}"""))["token"]!.GetValue<string>();
        await client.Post("/api/v1/enrolment-tokens", "{}");

        var text = string.Join('\n', await Entries());

        Assert.DoesNotContain(ApiHost.Password, text, StringComparison.Ordinal);
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        Assert.DoesNotContain("mt1.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_AskedToChangeAnEntry_Refuses()
    {
        await Append("a");

        var error = await Assert.ThrowsAsync<SqliteException>(() => Run("UPDATE audit SET Actor = 'somebody else'"));

        Assert.Contains("never changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_AskedToDeleteAYoungEntry_Refuses()
    {
        await Append("a");

        var error = await Assert.ThrowsAsync<SqliteException>(() => Run("DELETE FROM audit"));

        Assert.Contains("30 days", error.Message, StringComparison.Ordinal);
        Assert.Single(await Entries());
    }

    [Fact]
    public async Task List_InPages_ShowsEachEntryOnceNewestFirst()
    {
        for (var i = 0; i < 5; i++)
        {
            await Append($"action {i}");
        }

        using var client = await _host.With(OperatorRole.Owner);
        var actions = new List<string>();
        string? before = null;
        do
        {
            var page = await client.Get($"/api/v1/audit?limit=2&before={before}");
            actions.AddRange(page.Items.Select(item => item["action"]!.GetValue<string>()));
            before = page["next"]?.GetValue<string>();
        }
        while (before is not null);

        Assert.Equal(["action 4", "action 3", "action 2", "action 1", "action 0"], actions);
    }

    private Task<IReadOnlyList<AuditEntry>> Entries() => _host.Get<IAuditLog>().ListAsync(new AuditFilter(100), TestContext.Current.CancellationToken);

    private Task Append(string action) => _host.Get<IAuditLog>().AppendAsync(new AuditRecord(action), TestContext.Current.CancellationToken);

    private async Task Run(string sql)
    {
        await using var db = await _host.Get<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
#pragma warning disable EF1002 // The text is a constant of this test.
        await db.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken);
#pragma warning restore EF1002
    }
}
