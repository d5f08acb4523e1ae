using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Access;

public sealed class SetupTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task SetUp_WithTheLinksSecret_MakesTheFirstOwnerOnceAndSignsIn()
    {
        var secret = await Issue();
        using var client = _host.Anonymous();

        var required = await client.Get("/api/v1/setup");
        var done = await client.Post("/api/v1/setup", Body(secret!));
        var after = await client.Get("/api/v1/setup");
        var session = await client.Get("/api/v1/session");
        var again = await client.Post("/api/v1/setup", Body(secret!, "second"));

        Assert.True(required["required"]!.GetValue<bool>());
        Assert.Equal(200, done.Status);
        Assert.False(after["required"]!.GetValue<bool>());
        Assert.Equal("owner", session["user"]!["role"]!.GetValue<string>());
        Assert.Equal((403, "setup_token"), (again.Status, again.Code));
    }

    [Fact]
    public async Task SetUp_TwiceAtTheSameMoment_MakesOneOwner()
    {
        var secret = await Issue();
        using var left = _host.Anonymous();
        using var right = _host.Anonymous();

        var answers = await Task.WhenAll(left.Post("/api/v1/setup", Body(secret!, "left")), right.Post("/api/v1/setup", Body(secret!, "right")));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Single(await _host.Get<Operators>().ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SetUp_WithAWrongSecret_MakesNobody()
    {
        await Issue();
        using var client = _host.Anonymous();

        var answer = await client.Post("/api/v1/setup", Body(SecretText.Create()));

        Assert.Equal((403, "setup_token"), (answer.Status, answer.Code));
        Assert.Empty(await _host.Get<Operators>().ListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task SetUp_BadNameAndPassword_NamesBothFields()
    {
        var secret = await Issue();
        using var client = _host.Anonymous();

        var answer = await client.Post("/api/v1/setup", $$"""{"setupToken":"{{secret}}","username":"a b","password":"short"}""");

        Assert.Equal((400, "invalid"), (answer.Status, answer.Code));
        Assert.Equal(["password", "username"], answer["errors"]!.AsObject().Select(error => error.Key).Order());
    }

    [Fact]
    public async Task Issue_AfterARestartWithoutOwner_MakesANewLinkAndEndsTheOld()
    {
        var first = await Issue();
        var second = await Issue();

        Assert.NotEqual(first, second);
        Assert.False(_host.Get<SetupLink>().Accepts(first!));
        Assert.True(_host.Get<SetupLink>().Accepts(second!));
    }

    [Fact]
    public async Task Issue_WithAnOwner_MakesNone()
    {
        await _host.AddOperator(OperatorRole.Owner);

        Assert.Null(await Issue());
    }

    private static string Body(string secret, string username = "first") =>
        $$"""{"setupToken":"{{secret}}","username":"{{username}}","password":"{{ApiHost.Password}}"}""";

    private Task<string?> Issue() => _host.Get<SetupLink>().IssueAsync(TestContext.Current.CancellationToken);
}
