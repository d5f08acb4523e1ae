using System.Text.Json.Nodes;
using Messaging.Enrolment;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Tests.Enrolment;

public sealed class TokenCommandTests
{
    private const string Url = "https://fleet.example";

    [Fact]
    public async Task Create_BesideARunningServer_PrintsATokenThatEnrols()
    {
        await using var fleet = await Fleet.StartAsync();
        var (code, output, about) = await RunAsync(new TokenArguments(fleet.Path, "bench", ["berlin"]) { PublicUrl = Url });

        Assert.Equal(0, code);
        Assert.Contains($"1 device until", about, StringComparison.Ordinal);
        Assert.Contains(Url, about, StringComparison.Ordinal);
        Assert.True(EnrolmentToken.TryParse(output.Trim(), out var token));
        Assert.Equal("https://fleet.example/", token.BaseUrl.AbsoluteUri);
        var device = fleet.NewDevice();
        Assert.Equal(EnrolStatus.Approved, (await device.EnrolAsync(fleet.Control.Enrolment, output.Trim(), fleet.CurrentTrust())).Status);
        Assert.Equal(["berlin"], fleet.Control.Devices.Find(device.Name)!.Tags);
    }

    [Fact]
    public async Task Create_WhileTheServerIsStopped_CountsOnceItRuns()
    {
        await using var fleet = await Fleet.StartAsync();
        var trust = fleet.CurrentTrust();
        await fleet.StopControlAsync();
        var (code, output, _) = await RunAsync(
            new TokenArguments(fleet.Path, "", []) { MaxUses = "unlimited", RequireApproval = true, PublicUrl = Url });
        await fleet.StartControlAsync();

        Assert.Equal(0, code);
        for (var i = 0; i < 2; i++)
        {
            var answer = await fleet.NewDevice().EnrolAsync(fleet.Control.Enrolment, output.Trim(), trust);
            Assert.Equal(EnrolStatus.Pending, answer.Status);
        }
    }

    [Fact]
    public async Task Create_WithJson_PrintsWhatTheApiAnswers()
    {
        await using var fleet = await Fleet.StartAsync();

        var (code, output, about) = await RunAsync(
            new TokenArguments(fleet.Path, "roofs", ["a", "b"]) { MaxUses = "20", Expires = "7d", PublicUrl = Url, Json = true });

        Assert.Equal((0, ""), (code, about));
        var json = JsonNode.Parse(output)!;
        var listed = Assert.Single(await fleet.Control.Enrolment.ListTokensAsync(TestContext.Current.CancellationToken));
        Assert.Equal(listed.Id, (string?)json["id"]);
        Assert.Equal("roofs", (string?)json["name"]);
        Assert.Equal(20, (int?)json["maxUses"]);
        Assert.Equal(TimeSpan.FromDays(7), listed.ExpiresAt - listed.CreatedAt);
        Assert.Equal($"messaging-agent enroll {json["token"]}", (string?)json["command"]);
    }

    [Fact]
    public async Task Create_AToken_IsWrittenToTheAudit()
    {
        await using var fleet = await Fleet.StartAsync();

        await RunAsync(new TokenArguments(fleet.Path, "bench", []) { PublicUrl = Url });

        await using var db = await fleet.Control.Get<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync(TestContext.Current.CancellationToken);
        var entry = await db.Set<AuditEntry>().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal(("enrolment-token.create", "bench", "system"), (entry.Action, entry.Details, entry.ActorKind));
        Assert.Equal($"command line ({Environment.UserName})", entry.Actor);
    }

    [Theory]
    [InlineData("many", "1h", "--max-uses")]
    [InlineData("0", "1h", "--max-uses")]
    [InlineData("1", "soon", "--expires")]
    [InlineData("1", "1s", "--expires")]
    [InlineData("1", "999999d", "--expires")]
    public async Task Create_WithAWrongValue_SaysWhichAndMakesNone(string uses, string expires, string option)
    {
        await using var fleet = await Fleet.StartAsync();

        var (code, output, errors) = await RunAsync(
            new TokenArguments(fleet.Path, "", []) { MaxUses = uses, Expires = expires, PublicUrl = Url });

        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"fleet-server: {option}: ", errors, StringComparison.Ordinal);
        Assert.Empty(await fleet.Control.Enrolment.ListTokensAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("http://fleet.example")]
    [InlineData("fleet")]
    public async Task Create_ForAnAddressThatNoDeviceMayUse_IsRefused(string url)
    {
        await using var fleet = await Fleet.StartAsync();

        var (code, output, errors) = await RunAsync(new TokenArguments(fleet.Path, "", []) { PublicUrl = url });

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--public-url", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_WhereThereIsNoFleet_SaysSo()
    {
        using var folder = new ScratchFolder();

        var (code, _, errors) = await RunAsync(new TokenArguments(folder.Path, "", []));

        Assert.Equal(1, code);
        Assert.Contains("no fleet", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(TokenArguments arguments)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var code = await TokenCommand.RunAsync(arguments, output, errors, TestContext.Current.CancellationToken);
        return (code, output.ToString(), errors.ToString());
    }
}
