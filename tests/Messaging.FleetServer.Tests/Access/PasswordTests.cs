using System.Text.Json.Nodes;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Access;

public sealed class PasswordTests : IAsyncLifetime
{
    private const string New = "a new password";
    private readonly ApiHost _host = new();

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("viewer")]
    [InlineData("operator")]
    [InlineData("owner")]
    public async Task SetPassword_OwnWithTheCurrentOne_KeepsOnlyThisSession(string role)
    {
        var account = await _host.AddOperator(Role(role));
        using var here = await _host.SignedIn(account.Username);
        using var elsewhere = await _host.SignedIn(account.Username);

        var answer = await here.Post(Path(account), Body(New, ApiHost.Password));

        Assert.Equal(204, answer.Status);
        Assert.Equal(200, (await here.Get("/api/v1/session")).Status);
        Assert.Equal(401, (await elsewhere.Get("/api/v1/session")).Status);
        using var again = _host.Anonymous();
        await again.SignIn(account.Username, New);
        Assert.Equal(("operator.password", $"operators/{account.Id}/password", AuditRecord.Ok, account.Username), await Audited("operator.password"));
    }

    [Theory]
    [InlineData("viewer")]
    [InlineData("owner")]
    public async Task SetPassword_OwnWithAWrongOne_IsRefusedAndAudited(string role)
    {
        var account = await _host.AddOperator(Role(role));
        using var here = await _host.SignedIn(account.Username);
        using var elsewhere = await _host.SignedIn(account.Username);

        var answer = await here.Post(Path(account), Body(New, "not the password"));

        Assert.Equal((403, "wrong_password"), (answer.Status, answer.Code));
        Assert.Equal(200, (await elsewhere.Get("/api/v1/session")).Status);
        Assert.Equal(("operator.password", $"operators/{account.Id}/password", AuditRecord.Denied, account.Username), await Audited("operator.password"));
        using var again = _host.Anonymous();
        await again.SignIn(account.Username, ApiHost.Password);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task SetPassword_OwnWithoutTheCurrentOne_NamesTheField(string? current)
    {
        var account = await _host.AddOperator(OperatorRole.Owner);
        using var here = await _host.SignedIn(account.Username);

        var answer = await here.Post(Path(account), Body(New, current));

        Assert.Equal((400, "invalid"), (answer.Status, answer.Code));
        Assert.Equal(["currentPassword"], answer["errors"]!.AsObject().Select(error => error.Key));
        using var again = _host.Anonymous();
        await again.SignIn(account.Username, ApiHost.Password);
    }

    [Fact]
    public async Task SetPassword_OwnGuessedTooOften_IsRefusedLikeSigningIn()
    {
        var account = await _host.AddOperator(OperatorRole.Owner);
        using var here = await _host.SignedIn(account.Username);
        var statuses = new List<int>();
        for (var guess = 0; guess < LoginThrottle.AddressBurst; guess++)
        {
            statuses.Add((await here.Post(Path(account), Body(New, $"guess number {guess}"))).Status);
        }

        var right = await here.Post(Path(account), Body(New, ApiHost.Password));
        using var stranger = _host.Anonymous();
        var signIn = await stranger.Post("/api/v1/session", $$"""{"username":"{{account.Username}}","password":"{{ApiHost.Password}}"}""");

        Assert.All(statuses, status => Assert.Equal(403, status));
        Assert.Equal((429, "too_many_attempts"), (right.Status, right.Code));
        Assert.Equal((429, "too_many_attempts"), (signIn.Status, signIn.Code));
    }

    [Fact]
    public async Task SetPassword_OwnAgainAndAgainWithTheCurrentOne_CountsAsNoFailure()
    {
        var account = await _host.AddOperator(OperatorRole.Viewer);
        using var here = await _host.SignedIn(account.Username);

        var statuses = new List<int>();
        for (var round = 0; round <= LoginThrottle.AddressBurst; round++)
        {
            statuses.Add((await here.Post(Path(account), Body(ApiHost.Password, ApiHost.Password))).Status);
        }

        Assert.All(statuses, status => Assert.Equal(204, status));
    }

    [Fact]
    public async Task SetPassword_OfSomebodyElseByAnOwner_NeedsNoCurrentOneAndEndsAllTheirSessions()
    {
        var account = await _host.AddOperator(OperatorRole.Owner);
        var other = await _host.AddOperator(OperatorRole.Owner);
        using var here = await _host.SignedIn(account.Username);
        using var theirs = await _host.SignedIn(other.Username);

        var answer = await here.Post(Path(other), Body(New));

        Assert.Equal(204, answer.Status);
        Assert.Equal(401, (await theirs.Get("/api/v1/session")).Status);
        Assert.Equal(200, (await here.Get("/api/v1/session")).Status);
        using var again = _host.Anonymous();
        await again.SignIn(other.Username, New);
    }

    [Fact]
    public async Task SetPassword_OfSomebodyElse_IsForOwnersOnly()
    {
        var victim = await _host.AddOperator(OperatorRole.Viewer);
        using var client = await _host.With(OperatorRole.Operator);

        var answer = await client.Post(Path(victim), Body(New, ApiHost.Password));

        Assert.Equal((403, "forbidden"), (answer.Status, answer.Code));
    }

    private static OperatorRole Role(string word) => OperatorRoles.TryParse(word, out var role) ? role : throw new ArgumentException(word, nameof(word));

    private static string Path(Operator account) => $"/api/v1/operators/{account.Id}/password";

    private static string Body(string password, string? current = null)
    {
        var body = new JsonObject { ["password"] = password };
        if (current is not null)
        {
            body["currentPassword"] = current;
        }

        return body.ToJsonString();
    }

    /// <summary>The newest entry of an action.</summary>
    private async Task<(string Action, string Target, string Outcome, string Actor)> Audited(string action)
    {
        var entry = (await _host.Get<IAuditLog>().ListAsync(new AuditFilter(100), TestContext.Current.CancellationToken)).First(entry => entry.Action == action);
        Assert.DoesNotContain(New, entry.Details, StringComparison.Ordinal);
        return (entry.Action, entry.Target, entry.Outcome, entry.Actor);
    }
}
