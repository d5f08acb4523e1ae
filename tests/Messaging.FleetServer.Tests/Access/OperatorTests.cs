using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Access;

public sealed class OperatorTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Create_NameInOtherCase_IsTaken()
    {
        using var owner = await _host.With(OperatorRole.Owner);

        var first = await owner.Post("/api/v1/operators", Body("Max", "viewer"));
        var second = await owner.Post("/api/v1/operators", Body("max", "viewer"));

        Assert.Equal(201, first.Status);
        Assert.Equal((409, "username_taken"), (second.Status, second.Code));
        Assert.DoesNotContain("argon2", first.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("""{"disabled":true}""")]
    [InlineData("""{"role":"viewer"}""")]
    public async Task Update_OfTheLastOwner_IsRefused(string change)
    {
        var last = await _host.AddOperator(OperatorRole.Owner);
        await _host.AddOperator(OperatorRole.Operator);
        using var owner = await _host.With(OperatorRole.Owner);

        var refused = await owner.Patch($"/api/v1/operators/{last.Id}", change);
        var deleted = await owner.Delete($"/api/v1/operators/{last.Id}");

        Assert.Equal((409, "last_owner"), (refused.Status, refused.Code));
        Assert.Equal((409, "last_owner"), (deleted.Status, deleted.Code));
    }

    [Fact]
    public async Task Demotion_OfTwoOwnersAtTheSameMoment_LeavesOne()
    {
        var first = await _host.AddOperator(OperatorRole.Owner);
        var second = await _host.AddOperator(OperatorRole.Owner);
        using var owner = await _host.With(OperatorRole.Owner);

        var answers = await Task.WhenAll(new[] { first, second }.Select(account =>
            owner.Patch($"/api/v1/operators/{account.Id}", """{"role":"viewer"}""")));

        Assert.Single(answers, answer => answer.Status == 200);
    }

    [Theory]
    [InlineData("short", "Must have 10")]
    [InlineData("aaaaaaaaaaaaaa", "different")]
    [InlineData("maximilian-2026", "user name")]
    public async Task Create_WeakPassword_SaysWhy(string password, string reason)
    {
        using var owner = await _host.With(OperatorRole.Owner);

        var answer = await owner.Post("/api/v1/operators", $$"""{"username":"Maximilian","password":"{{password}}","role":"viewer"}""");

        Assert.Equal((400, "invalid"), (answer.Status, answer.Code));
        Assert.Contains(reason, answer["errors"]!["password"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ApiToken_AfterItsTime_IsWorthNothing()
    {
        using var owner = await _host.With(OperatorRole.Owner);
        var made = await owner.Post("/api/v1/api-tokens", """{"name":"ci","role":"viewer","expiresIn":3600}""");
        using var client = new ApiClient(_host.Address, made["token"]!.GetValue<string>());

        var before = await client.Get("/api/v1/devices");
        _host.Time.Advance(TimeSpan.FromHours(1));
        var after = await client.Get("/api/v1/devices");

        Assert.Equal((200, 401), (before.Status, after.Status));
    }

    [Fact]
    public async Task ApiToken_Deleted_EndsAtOnceAndIsListedNoMore()
    {
        using var owner = await _host.With(OperatorRole.Owner);
        var made = await owner.Post("/api/v1/api-tokens", """{"name":"ci","role":"viewer"}""");
        var text = made["token"]!.GetValue<string>();
        using var client = new ApiClient(_host.Address, text);
        await client.Get("/api/v1/devices");

        var listed = await owner.Get("/api/v1/api-tokens");
        await owner.Delete($"/api/v1/api-tokens/{made["id"]}");

        Assert.StartsWith("mtk_", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, listed.Text, StringComparison.Ordinal);
        Assert.NotNull(listed.Items.Single(item => item["name"]!.GetValue<string>() == "ci")["lastUsedAt"]);
        Assert.Equal(401, (await client.Get("/api/v1/devices")).Status);
    }

    private static string Body(string name, string role) => $$"""{"username":"{{name}}","password":"{{ApiHost.Password}}","role":"{{role}}"}""";
}
