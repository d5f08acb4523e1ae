using System.Buffers.Text;
using System.Text.Json.Nodes;
using Messaging.Crypto;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Trust.Requests;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Trust.Requests;

/// <summary>Keys that ask for a place in the roster.</summary>
public sealed class KeyRequestTests : IAsyncLifetime
{
    private const string Path = "/api/v1/trust/requests";
    private readonly WholeServer _server = new();
    private readonly FleetOwner _owner = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _owner.Dispose();
    }

    [Fact]
    public async Task Create_OfAKey_IsSeenByWhoAskedAndByOwnersOnly()
    {
        using var asker = await _server.With(OperatorRole.Operator);
        using var other = await _server.With(OperatorRole.Operator);
        using var owner = await _server.With(OperatorRole.Owner);
        using var key = IdentityKey.Generate();

        var created = await asker.Post(Path, Body(key));

        Assert.Equal(201, created.Status);
        Assert.Equal(key.Public.ToString(), created["fingerprint"]!.GetValue<string>());
        Assert.Equal(PrincipalId.FromIdentityKey(key.Public).ToString(), created["principal"]!.GetValue<string>());
        Assert.Null(created["acceptedAt"]);
        Assert.Single(await Items(asker));
        Assert.Single(await Items(owner));
        Assert.Empty(await Items(other));
        Assert.Equal(404, (await other.Delete($"{Path}/{created["id"]}")).Status);
        Assert.Equal(204, (await owner.Delete($"{Path}/{created["id"]}")).Status);
        Assert.Empty(await Items(asker));
    }

    [Fact]
    public async Task Create_SentAgain_IsTheSameWithTheNewestRole()
    {
        using var asker = await _server.With(OperatorRole.Operator);
        using var other = await _server.With(OperatorRole.Operator);
        using var key = IdentityKey.Generate();
        var first = await asker.Post(Path, Body(key));

        var again = await asker.Post(Path, Body(key, "owner"));
        var stolen = await other.Post(Path, Body(key));

        Assert.Equal((201, first["id"]!.GetValue<string>(), "owner"), (again.Status, again["id"]!.GetValue<string>(), again["role"]!.GetValue<string>()));
        Assert.Equal((409, "key_requested"), (stolen.Status, stolen.Code));
    }

    [Fact]
    public async Task Create_TooOften_IsRefused()
    {
        using var asker = await _server.With(OperatorRole.Operator);
        for (var i = 0; i < KeyRequests.MaxOpenOfAccount; i++)
        {
            using var key = IdentityKey.Generate();
            Assert.Equal(201, (await asker.Post(Path, Body(key))).Status);
        }

        using var another = IdentityKey.Generate();
        var refused = await asker.Post(Path, Body(another));

        Assert.Equal((409, "too_many_key_requests"), (refused.Status, refused.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("not base64url !")]
    public async Task Create_OfWhatIsNoKey_NamesTheMember(string key)
    {
        using var asker = await _server.With(OperatorRole.Operator);

        var refused = await asker.Post(Path, new JsonObject { ["key"] = key, ["role"] = "server" }.ToJsonString());

        Assert.Equal((400, "invalid"), (refused.Status, refused.Code));
        Assert.NotNull(refused["errors"]!["key"]);
        Assert.NotNull(refused["errors"]!["role"]);
    }

    [Fact]
    public async Task Create_ByAViewer_IsRefused()
    {
        using var viewer = await _server.With(OperatorRole.Viewer);
        using var key = IdentityKey.Generate();

        Assert.Equal(403, (await viewer.Post(Path, Body(key))).Status);
        Assert.Equal(403, (await viewer.Get(Path)).Status);
    }

    [Fact]
    public async Task TrustChange_ThatNamesTheKey_AcceptsIt_AndOneThatLeavesItOutForgetsIt()
    {
        using var asker = await _server.With(OperatorRole.Operator);
        using var owner = await _server.With(OperatorRole.Owner);
        using var key = IdentityKey.Generate();
        await asker.Post(Path, Body(key));
        var principal = new RosterPrincipal(PrincipalId.FromIdentityKey(key.Public), key.Public, [], [Roles.Operator]);

        await Change(owner, _owner.TakeOver(Trust, content => content with { Principals = [.. content.Principals, principal] }));

        Assert.NotNull((await Items(asker)).Single()!["acceptedAt"]);
        var labelled = await asker.Post(Path, Body(_owner.Key));
        Assert.Equal((409, "key_in_roster"), (labelled.Status, labelled.Code));
        Assert.Equal(201, (await owner.Post(Path, Body(_owner.Key, "owner"))).Status);

        await Change(owner, _owner.Change(Trust, content => content with { Principals = [.. content.Principals.Where(one => one.Id != principal.Id)] }));

        Assert.Empty(await Items(asker));
        Assert.Equal(_owner.Key.Public.ToString(), (await Items(owner)).Single()!["fingerprint"]!.GetValue<string>());
    }

    [Fact]
    public async Task List_AfterTheAccountIsGone_LeavesOutWhatItAsked()
    {
        var token = await _server.TokenOf(OperatorRole.Operator);
        using var asker = new ApiClient(_server.Address, token);
        using var owner = await _server.With(OperatorRole.Owner);
        using var key = IdentityKey.Generate();
        await asker.Post(Path, Body(key));
        var account = (await _server.Get<ApiTokens>().ListAsync(TestContext.Current.CancellationToken)).Single(one => one.Role == OperatorRole.Operator);

        await owner.Delete($"/api/v1/api-tokens/{account.Id}");

        Assert.Empty(await Items(owner));
    }

    [Fact]
    public async Task Create_IsAudited()
    {
        using var owner = await _server.With(OperatorRole.Owner);
        using var key = IdentityKey.Generate();

        await owner.Post(Path, Body(key));

        var audit = await owner.Get("/api/v1/audit");
        Assert.Contains(audit["items"]!.AsArray(), entry =>
            entry!["action"]!.GetValue<string>() == "key-request.create" && entry["details"]!.GetValue<string>().StartsWith(key.Public.ToString(), StringComparison.Ordinal));
    }

    private FleetTrust Trust => _server.Get<ITrustService>().Trust;

    private static string Body(IdentityKey key, string role = "operator") =>
        new JsonObject { ["key"] = Base64Url.EncodeToString(key.Public.Point), ["role"] = role }.ToJsonString();

    private static async Task<JsonArray> Items(ApiClient client) => (await client.Get(Path))["items"]!.AsArray();

    private static async Task Change(ApiClient client, TrustChange change)
    {
        using var content = new ByteArrayContent(change.Encode());
        content.Headers.ContentType = new("application/cbor");
        using var response = await client.Http.PostAsync(new Uri("/api/v1/trust", UriKind.Relative), content, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
    }
}
