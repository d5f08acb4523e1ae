using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.AspNetCore.Routing;

namespace Messaging.FleetServer.Tests.Access;

/// <summary>Walks every endpoint that the server has and holds it against the one table.</summary>
public sealed class AccessTableTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly OperatorRole[] Roles = [OperatorRole.Viewer, OperatorRole.Operator, OperatorRole.Owner];

    private IEnumerable<(string Method, string Pattern)> Endpoints =>
        host.Get<EndpointDataSource>().Endpoints.SelectMany(AccessTable.Names).Distinct();

    [Fact]
    public void Endpoints_OfTheServer_AreAllListed()
    {
        var listed = AccessTable.Rules.Select(rule => (rule.Method, rule.Pattern)).ToHashSet();

        Assert.Empty(Endpoints.Except(listed));
    }

    [Fact]
    public void Rules_ListEachEndpointOnce() =>
        Assert.Distinct(AccessTable.Rules.Select(rule => (rule.Method, rule.Pattern)));

    [Fact]
    public void Rules_OfChanges_HaveAWordInTheAudit() => Assert.All(
        AccessTable.Rules.Where(rule => rule.Method is "POST" or "PUT" or "PATCH" or "DELETE" && rule.Pattern != "/api/v1/enrol"),
        rule => Assert.False(string.IsNullOrEmpty(rule.Action), $"{rule.Method} {rule.Pattern}"));

    [Fact]
    public async Task EveryProtectedEndpoint_WithoutCredentials_Answers401()
    {
        using var client = host.Anonymous();
        var wrong = new List<string>();
        foreach (var rule in Mapped().Where(rule => rule.Level != AccessLevel.Anonymous))
        {
            var answer = await client.Send(new HttpMethod(rule.Method), Path(rule), Body(rule), MediaType(rule));
            if ((answer.Status, answer.Code) != (401, "unauthorized"))
            {
                wrong.Add($"{rule.Method} {rule.Pattern}: {answer.Status} {answer.Code}");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task EveryProtectedEndpoint_WithEachRole_AnswersAsListed()
    {
        var wrong = new List<string>();
        foreach (var role in Roles)
        {
            using var client = await host.With(role);
            foreach (var rule in Mapped().Where(rule => rule.Level != AccessLevel.Anonymous && rule.Pattern != "/api/v1/events"))
            {
                var answer = await client.Send(new HttpMethod(rule.Method), Path(rule), Body(rule), MediaType(rule));
                var refused = (answer.Status, answer.Code) is (401, _) or (403, "forbidden");
                if (refused != (int)role < (int)rule.Level && !ForbiddenByTheEndpoint(rule, role))
                {
                    wrong.Add($"{role}: {rule.Method} {rule.Pattern}: {answer.Status} {answer.Code}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer mtk_")]
    [InlineData("Bearer mtk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic b3duZXI6b3duZXI=")]
    [InlineData("mtk_AAAA")]
    public async Task Request_WithAWrongAuthorization_IsRefusedEvenWithAGoodCookie(string authorization)
    {
        var account = await host.AddOperator(OperatorRole.Owner);
        using var client = await host.SignedIn(account.Username);
        client.Http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);

        Assert.Equal(401, (await client.Get("/api/v1/devices")).Status);
    }

    private static bool ForbiddenByTheEndpoint(AccessRule rule, OperatorRole role) =>
        rule.Action == "operator.password" && role != OperatorRole.Owner;

    /// <summary>A well-formed request to something that does not exist: authorized, it is 404 or 400, never 401 or 403.</summary>
    private static string Path(AccessRule rule) => rule.Pattern
        .Replace("{id}", new string('0', 32), StringComparison.Ordinal)
        .Replace("{sha256}", new string('3', 64), StringComparison.Ordinal)
        .Replace("{**path}", "a/b", StringComparison.Ordinal)
        .Replace("{sessionId}", new string('2', 32), StringComparison.Ordinal)
        .Replace("{commandId}", new string('1', 32), StringComparison.Ordinal);

    /// <summary>A body of another type is refused before anybody asks who sends it.</summary>
    private static string MediaType(AccessRule rule) =>
        rule.Pattern is "/api/v1/trust" or "/api/v1/commands/proposals" || rule.Pattern.EndsWith("/signed", StringComparison.Ordinal) || rule.Pattern.EndsWith("/signatures", StringComparison.Ordinal) ? "application/cbor" : "application/json";

    private static string? Body(AccessRule rule) => rule.Method is "POST" or "PATCH" ? "{}" : null;

    private IEnumerable<AccessRule> Mapped()
    {
        var mapped = Endpoints.ToHashSet();

        // Over HTTP/1.1, CONNECT asks a proxy for something else.
        return AccessTable.Rules.Where(rule => mapped.Contains((rule.Method, rule.Pattern)) && rule.Method != "CONNECT");
    }
}
