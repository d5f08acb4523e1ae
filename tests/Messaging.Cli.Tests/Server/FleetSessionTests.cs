using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Rosters;
using Messaging.Cli.Server;
using Messaging.Cli.Tests.Support;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;

namespace Messaging.Cli.Tests.Server;

public sealed class FleetSessionTests : IDisposable
{
    private static readonly DateTimeOffset Now = ServerFleet.Start.AddDays(1);
    private readonly TemporaryFolder _folder = new();
    private readonly ServerFleet _fleet = new();
    private readonly IdentityKey _root = IdentityKey.Generate();
    private readonly IdentityKey _owner = IdentityKey.Generate();
    private readonly StringWriter _notes = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _fleet.Dispose();
        _root.Dispose();
        _owner.Dispose();
        _notes.Dispose();
    }

    [Fact]
    public async Task Submit_ATakeOver_IsShownFromThenOn()
    {
        using var server = new FakeServer((request, body) => Answer(request, () =>
        {
            Assert.True(TrustChange.TryRead(body, out var change));
            Assert.Equal(TrustVerdict.Applied, _fleet.Take(change, coSign: true));
        }));
        using var session = await OpenAsync(server);

        await session.SubmitAsync(TakeOver.Plan(session.Trust, _root, _owner, [], Now), Ct);

        Assert.Equal(2UL, session.Trust.Root.Version);
        Assert.Equal(2UL, new SeenTrust(_folder.Path).Load(_fleet.Bundle.Roots[0].Fingerprint)!.Root.Version);
        Assert.Equal(["GET", "POST", "GET"], server.Heads.Select(head => head.Split(' ')[0]));
        Assert.DoesNotContain("mtk_secret", server.Heads[0], StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer mtk_secret\r\n", server.Heads[1], StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/cbor\r\n", server.Heads[1], StringComparison.Ordinal);
        Assert.Empty(_notes.ToString());
    }

    [Fact]
    public async Task Submit_AServerThatPutsARootOfItsOwnInForce_IsFoundOut()
    {
        using var thief = IdentityKey.Generate();
        using var server = new FakeServer((request, body) => Answer(request, () =>
        {
            // It keeps the root, and lets the owner sign rosters: the owner's roster is good under both.
            Assert.True(TrustChange.TryRead(body, out var change));
            var stolen = FleetRoot.Sign(change.Roots[0].Content with { Root = new KeyRole(1, thief.Public) }, _fleet.Root, thief);
            Assert.Equal(TrustVerdict.Applied, _fleet.Take(change with { Roots = [stolen] }));
        }));
        using var session = await OpenAsync(server);
        var change = TakeOver.Plan(session.Trust, _root, _owner, [], Now);

        var refused = await Assert.ThrowsAsync<CliException>(() => session.SubmitAsync(change, Ct));

        Assert.Contains("another root 2", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1UL, new SeenTrust(_folder.Path).Load(_fleet.Bundle.Roots[0].Fingerprint)!.Root.Version);
    }

    [Fact]
    public async Task Submit_ToAServerRestoredFromABackup_BringsTheRootsThatItLacks()
    {
        var backup = _fleet.Bundle;
        _fleet.Take(TakeOver.Plan(_fleet.Device, _root, _owner, [], Now), coSign: true);
        new SeenTrust(_folder.Path).Save(backup.Roots[0].Fingerprint, _fleet.Device);
        var restored = ServerFleet.Begin(backup);
        using var server = new FakeServer((request, body) =>
        {
            if (request.StartsWith("POST", StringComparison.Ordinal))
            {
                Assert.True(TrustChange.TryRead(body, out var change));
                var bundle = restored.Bundle with { Roots = [.. restored.Bundle.Roots, .. change.Roots], Roster = change.Roster };
                Assert.Equal(TrustVerdict.Applied, restored.Next(bundle.Encode(), out restored));
            }

            return ("200 OK", restored.Bundle.Encode());
        });
        using var session = await OpenAsync(server);
        Assert.Contains("restored from a backup", _notes.ToString(), StringComparison.Ordinal);
        var next = RosterEdits.Renew(session.Trust.Roster, session.Trust.Server.Id, Now);

        await session.SubmitAsync(new TrustChange([], Roster.Sign(next, _owner)), Ct);

        Assert.Equal((2UL, 3UL), (restored.Root.Version, restored.Roster.Version));
        Assert.Equal(3UL, session.Trust.Roster.Version);
    }

    [Fact]
    public async Task Submit_AServerThatShowsTheOldRosterAfterwards_IsFoundOut()
    {
        using var server = new FakeServer((request, _) => Answer(request, () => { }));
        using var session = await OpenAsync(server);

        var refused = await Assert.ThrowsAsync<CliException>(() => session.SubmitAsync(TakeOver.Plan(session.Trust, _root, _owner, [], Now), Ct));

        Assert.Contains("another root 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AnotherFleet_IsRefused()
    {
        using var server = new FakeServer((request, _) => Answer(request, () => { }));
        var settings = new FleetSettings(server.Url, null, new byte[32], null, false);

        await Assert.ThrowsAsync<CliException>(() => FleetSession.OpenAsync(settings, null, new SeenTrust(_folder.Path), _notes, Ct));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    private (string Status, byte[] Body) Answer(string request, Action post)
    {
        if (request == "POST /api/v1/trust")
        {
            post();
        }

        return request is "POST /api/v1/trust" or "GET /api/v1/trust" ? ("200 OK", _fleet.Bundle.Encode()) : ("404 Not Found", []);
    }

    private Task<FleetSession> OpenAsync(FakeServer server) => FleetSession.OpenAsync(
        new FleetSettings(server.Url, null, _fleet.Bundle.Roots[0].Fingerprint.ToArray(), null, false), "mtk_secret", new SeenTrust(_folder.Path), _notes, Ct);
}
