using Messaging.FleetServer.Access;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Updates.Devices;
using Messaging.Updates.Releases;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Tests.Updates.Devices;

public sealed class UpdateApiTests(WholeServer server) : IClassFixture<WholeServer>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Updates_OfTheFleet_AreNarrowedCountedAndPaged()
    {
        var device = await server.EnrolAsync();
        var name = $"app-{device.Name[..8]}";
        var set = CommandId.Generate().ToString();
        await AddAsync(
            Row(device.Name, name, DeviceUpdateState.Downloading, deadline: 60), Row(device.Name, name, DeviceUpdateState.Checking, deadline: -3600), Row(device.Name, name, DeviceUpdateState.Waiting),
            Row(device.Name, name, DeviceUpdateState.Committed, set, deadline: -3600));
        using var viewer = await server.With(OperatorRole.Viewer);

        var first = await viewer.Get($"/api/v1/updates?name={name}&limit=3");
        var rest = await viewer.Get($"/api/v1/updates?name={name}&limit=3&before={first["next"]}");
        Assert.Equal(["committed", "waiting", "checking"], States(first));
        Assert.Equal(["downloading"], States(rest));
        Assert.Null(rest["next"]);
        Assert.Equal(["checking"], States(await viewer.Get($"/api/v1/updates?name={name}&overdue=true")));
        Assert.Equal(["waiting", "downloading"], States(await viewer.Get($"/api/v1/updates?name={name}&state=waiting,downloading")));
        Assert.Equal(["committed"], States(await viewer.Get($"/api/v1/updates?set={set}")));
        Assert.Empty(States(await viewer.Get($"/api/v1/updates?name={name}&version=9.9.9")));

        var totals = await viewer.Get($"/api/v1/updates/totals?name={name}");
        Assert.Equal((4, 1, 1, 0), ((int)totals["total"]!, (int)totals["overdue"]!, (int)totals["states"]!["waiting"]!, (int)totals["states"]!["failed"]!));
        var silent = (await viewer.Get($"/api/v1/devices/{device.Name}/updates"))["items"]!.AsArray().Single(one => (string?)one!["state"] == "checking")!;
        Assert.NotNull(silent["silentSince"]);
        Assert.False((bool)silent["ended"]!);
    }

    [Fact]
    public async Task Update_OfADevice_ShowsWhatItHasSigned()
    {
        var device = await server.EnrolAsync();
        var id = CommandId.Generate();
        var receipt = new UpdateReceipt
        {
            Device = device.Id,
            CommandId = id,
            Kind = "agent",
            Name = "app",
            Version = "1.4.0",
            Counter = 9,
            Sha256 = new byte[32],
            Outcome = UpdateState.Committed,
            BootId = device.Boot,
            Before = "1.3.0",
        };
        receipt.Sign(device.Identity);
        var word = new UpdateWord(new UpdateKey(device.Name, id.ToString()), TimeProvider.System.GetUtcNow(), null, receipt, device.Identity.Public.Point.ToArray());
        await server.Get<UpdateBook>().TakeAsync([word], Cancellation);
        using var viewer = await server.With(OperatorRole.Viewer);

        var update = await viewer.Get($"/api/v1/devices/{device.Name}/updates/{id}");
        var component = (await viewer.Get($"/api/v1/devices/{device.Name}/components"))["items"]!.AsArray().Single()!;

        Assert.Equal(("committed", "1.3.0", Convert.ToBase64String(receipt.Bytes.Span)), ((string?)update["state"], (string?)update["receipt"]!["before"], (string?)update["receipt"]!["bytes"]));
        Assert.Equal(device.Identity.Public.ToString(), (string?)update["receipt"]!["key"]);
        Assert.Null(update["commandState"]);
        Assert.Equal(("app", "1.4.0", 9L), ((string?)component["name"], (string?)component["version"], (long)component["counter"]!));
        Assert.Contains((await viewer.Get("/api/v1/components"))["items"]!.AsArray(), one => (string?)one!["name"] == "app" && (int)one["devices"]! >= 1);
    }

    [Theory]
    [InlineData("/api/v1/updates?state=installed", "state")]
    [InlineData("/api/v1/updates?overdue=yes", "overdue")]
    [InlineData("/api/v1/updates?set=x", "set")]
    [InlineData("/api/v1/updates?limit=1001", "limit")]
    [InlineData("/api/v1/updates?before=x", "before")]
    [InlineData("/api/v1/updates/totals?set=00", "set")]
    public async Task Updates_AskedForWrongly_NamesWhat(string path, string field)
    {
        using var viewer = await server.With(OperatorRole.Viewer);

        var answer = await viewer.Get(path);

        Assert.Equal(400, answer.Status);
        Assert.NotNull(answer["errors"]![field]);
    }

    [Fact]
    public async Task Updates_OfWhatIsNotThere_AreNotFound()
    {
        using var viewer = await server.With(OperatorRole.Viewer);
        using var nobody = new ApiClient(server.Address);

        Assert.Equal(404, (await viewer.Get($"/api/v1/devices/{new string('0', 32)}/updates")).Status);
        Assert.Equal(404, (await viewer.Get($"/api/v1/devices/{new string('0', 32)}/components")).Status);
        Assert.Equal(404, (await viewer.Get($"/api/v1/devices/{new string('0', 32)}/updates/{new string('0', 32)}")).Status);
        Assert.Equal(401, (await nobody.Get("/api/v1/updates")).Status);
    }

    private static List<string?> States(ApiAnswer answer) => [.. answer["items"]!.AsArray().Select(one => (string?)one!["state"])];

    private static UpdateRow Row(string device, string name, DeviceUpdateState state, string? command = null, int? deadline = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new UpdateRow
        {
            DeviceId = device,
            CommandId = command ?? CommandId.Generate().ToString(),
            State = state,
            Name = name,
            Version = "1.0.0",
            CommandState = CommandState.Running,
            CreatedAt = now,
            Since = now.AddHours(-2),
            ReportedAt = now.AddHours(-2),
            DeadlineAt = deadline is { } seconds ? now.AddSeconds(seconds) : null,
        };
    }

    private async Task AddAsync(params UpdateRow[] rows)
    {
        await using var db = await server.Get<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync(Cancellation);
        foreach (var row in rows)
        {
            db.Add(row);
            await db.SaveChangesAsync(Cancellation);
        }
    }
}
