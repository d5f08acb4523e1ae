using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;

namespace Messaging.FleetServer.Tests.Access;

public sealed class SessionTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task SignIn_RightPassword_SetsAStrictHttpOnlyCookie()
    {
        var account = await host.AddOperator(OperatorRole.Viewer);
        using var client = host.Anonymous();

        var answer = await client.Post("/api/v1/session", $$"""{"username":"{{account.Username}}","password":"{{ApiHost.Password}}"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal("viewer", answer["user"]!["role"]!.GetValue<string>());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("msession=", cookie, StringComparison.Ordinal);
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SignIn_NameInOtherCase_IsTheSameOperator()
    {
        var account = await host.AddOperator(OperatorRole.Viewer);
        using var client = host.Anonymous();

        await client.SignIn(account.Username.ToUpperInvariant(), ApiHost.Password);

        Assert.Equal(account.Id, (await client.Get("/api/v1/session"))["user"]!["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("wrong password!")]
    [InlineData("")]
    public async Task SignIn_WrongPassword_SaysNotWhichWasWrong(string password)
    {
        var account = await host.AddOperator(OperatorRole.Owner);
        using var client = host.Anonymous();

        var known = await client.Post("/api/v1/session", $$"""{"username":"{{account.Username}}","password":"{{password}}"}""");
        var unknown = await client.Post("/api/v1/session", $$"""{"username":"nobody-{{account.Username}}","password":"{{password}}"}""");
        host.Time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal((401, "wrong_credentials"), (known.Status, known.Code));
        Assert.Equal(known.Text, unknown.Text);
        Assert.False(known.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task UnsafeRequest_SessionWithoutCsrfToken_IsRefused()
    {
        var account = await host.AddOperator(OperatorRole.Owner);
        using var client = await host.SignedIn(account.Username);
        var csrf = client.Csrf;

        client.Csrf = null;
        var without = await client.Delete("/api/v1/session");
        client.Csrf = (csrf![0] == 'x' ? "y" : "x") + csrf[1..];
        var wrong = await client.Delete("/api/v1/session");
        client.Csrf = csrf;
        var right = await client.Delete("/api/v1/session");

        Assert.Equal((403, "csrf"), (without.Status, without.Code));
        Assert.Equal((403, "csrf"), (wrong.Status, wrong.Code));
        Assert.Equal(204, right.Status);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task UnsafeRequest_FromAnotherSite_IsRefusedEvenWithTheToken(string header, string value)
    {
        var account = await host.AddOperator(OperatorRole.Owner);
        using var client = await host.SignedIn(account.Username);
        client.Http.DefaultRequestHeaders.Add(header, value);

        var answer = await client.Delete("/api/v1/session");

        Assert.Equal((403, "cross_site"), (answer.Status, answer.Code));
    }

    [Fact]
    public async Task SignOut_Session_EndsIt()
    {
        var account = await host.AddOperator(OperatorRole.Viewer);
        using var client = await host.SignedIn(account.Username);

        await client.Delete("/api/v1/session");

        Assert.Equal(401, (await client.Get("/api/v1/session")).Status);
    }

    [Fact]
    public async Task Session_OfADisabledOperator_EndsAtOnce()
    {
        var account = await host.AddOperator(OperatorRole.Operator);
        using var owner = await host.With(OperatorRole.Owner);
        using var client = await host.SignedIn(account.Username);

        await owner.Patch($"/api/v1/operators/{account.Id}", """{"disabled":true}""");

        Assert.Equal(401, (await client.Get("/api/v1/session")).Status);
        var again = await client.Post("/api/v1/session", $$"""{"username":"{{account.Username}}","password":"{{ApiHost.Password}}"}""");
        Assert.Equal(401, again.Status);
    }

    [Fact]
    public async Task Session_LeftIdleForADay_Ends()
    {
        var account = await host.AddOperator(OperatorRole.Viewer);
        using var client = await host.SignedIn(account.Username);

        host.Time.Advance(TimeSpan.FromHours(23));
        var used = await client.Get("/api/v1/session");
        host.Time.Advance(TimeSpan.FromHours(23));
        var usedAgain = await client.Get("/api/v1/session");
        host.Time.Advance(TimeSpan.FromHours(25));
        var idle = await client.Get("/api/v1/session");

        Assert.Equal([200, 200, 401], [used.Status, usedAgain.Status, idle.Status]);
    }

    [Fact]
    public async Task Session_UsedEveryHour_EndsAfterAWeek()
    {
        var account = await host.AddOperator(OperatorRole.Viewer);
        using var client = await host.SignedIn(account.Username);

        var statuses = new List<int>();
        for (var hour = 0; hour < 7 * 24 + 1; hour += 12)
        {
            statuses.Add((await client.Get("/api/v1/session")).Status);
            host.Time.Advance(TimeSpan.FromHours(12));
        }

        Assert.Equal([.. Enumerable.Repeat(200, 14), 401], statuses);
    }

    [Fact]
    public async Task Cookie_AfterAStrangerChangedIt_IsWorthNothing()
    {
        using var client = host.Anonymous();
        client.Http.DefaultRequestHeaders.Add("Cookie", "msession=" + SecretText.Create());

        Assert.Equal(401, (await client.Get("/api/v1/session")).Status);
    }
}
