using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Tests.Commands;
using Messaging.Agent.Tests.Disk;
using Messaging.Agent.Updates.Root;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Rosters;
using Messaging.Trust;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Updates;

/// <summary>Those who signed an update may be let go while it waits: they are judged again, by the roster that the device has by then, before anything is switched.</summary>
public sealed class UpdateIssuerTests : IDisposable
{
    private const string Waits = "It waits for a newer roster. ";
    private static readonly PrincipalId Device = PrincipalId.FromIdentityKey(IdentityKey.Generate().Public);
    private static readonly PolicyRule Rule = new([CommandTypes.Update], [Roles.Operator], 1, []);
    private readonly Commanding _operator = new() { Device = Device };
    private readonly FaultDisk _disk = new();
    private TestReleases _releases = new();
    private RosterContent _roster;

    public UpdateIssuerTests()
    {
        UpdateWorld.Prepare(_disk);
        _roster = Roster();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => _releases.Dispose();

    [Theory]
    [InlineData("removed", "not in the fleet's roster any more")]
    [InlineData("rekeyed", "not in the fleet's roster any more")]
    [InlineData("demoted", "lets no viewer have update run")]
    [InlineData("two", "wants 2 signatures for update")]
    public async Task Issuer_WhoIsLetGoAfterTheDownload_HasNothingSwitched(string how, string why)
    {
        var world = World(After(UpdateVerb.Stage, () => Change(how)));

        var result = await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal(CommandState.Failed, result.State);
        var (outcome, reason, detail) = Assert.Single(world.Receipts);
        Assert.Equal((UpdateState.Failed, UpdateReasons.NotPermitted), (outcome, reason));
        Assert.Contains(why, detail, StringComparison.Ordinal);
        Assert.Equal(["download", "verify", "install", "cleanup"], world.Hooks.Called);
        Assert.Equal("old", FakeHooks.Current(_disk, UpdateWorld.Root));
    }

    [Fact]
    public async Task Issuer_WhoIsLetGoBeforeTheDownload_HasNothingFetched()
    {
        var world = World();
        Change("removed");

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, UpdateReasons.NotPermitted), Outcome(world));
        Assert.Empty(_releases.Asked);
        Assert.Empty(world.Hooks.Called);
    }

    [Fact]
    public async Task Issuer_WhoIsLetGoWhileItIsHeld_HasNothingStaged()
    {
        var asked = 0;
        var world = World(held: () =>
        {
            Change("removed");
            return asked++ == 0 ? "It waits for a link that is not metered." : null;
        });

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Failed, UpdateReasons.NotPermitted), Outcome(world));
        Assert.Equal(["download"], world.Hooks.Called.Except(["cleanup"]));
    }

    /// <summary>No window is open, and none will be for hours: it ends all the same.</summary>
    [Fact]
    public async Task Issuer_WhoIsLetGoWhileAWindowIsAwaited_EndsItAtOnce()
    {
        var never = Rule with { Windows = [new MaintenanceWindow(1 << (((int)TimeProvider.System.GetUtcNow().DayOfWeek + 2) % 7), 0, 1)] };
        _releases.Dispose();
        _releases = new TestReleases(new Policy([never]));
        var world = World(telling: state => Change(state == UpdateState.Waiting ? "removed" : ""));

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Contains(world.Told, one => one.State == UpdateState.Waiting && one.Detail.Contains("maintenance window", StringComparison.Ordinal));
        Assert.Equal((UpdateState.Failed, UpdateReasons.NotPermitted), Outcome(world));
        Assert.DoesNotContain("switch", world.Hooks.Called);
    }

    [Theory]
    [InlineData("expired", "issuer's key has expired")]
    [InlineData("roster-expired", "roster has expired")]
    public async Task Issuer_WhoseTimeIsOver_IsWaitedForUntilARosterRenewsIt(string how, string why)
    {
        var world = World(
            After(UpdateVerb.Stage, () => Change(how)), telling: state => _roster = state == UpdateState.Waiting ? Roster() : _roster);

        var result = await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal(CommandState.Done, result.State);
        var (_, detail) = Assert.Single(world.Told, one => one.State == UpdateState.Waiting);
        Assert.StartsWith(Waits, detail, StringComparison.Ordinal);
        Assert.Contains(why, detail, StringComparison.Ordinal);
        Assert.Equal((UpdateState.Committed, ""), Outcome(world));
    }

    [Fact]
    public async Task Issuer_WhoseTimeIsOver_AndWhomNobodyRenews_HasNothingSwitched()
    {
        var world = World(After(UpdateVerb.Stage, () => Change("expired")));

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        var (outcome, reason, detail) = Assert.Single(world.Receipts);
        Assert.Equal((UpdateState.Failed, UpdateReasons.Deadline), (outcome, reason));
        Assert.Contains(Waits, detail, StringComparison.Ordinal);
        Assert.DoesNotContain("switch", world.Hooks.Called);
    }

    /// <summary>The hook says "later" when it is to be switched: what it has done of it is taken back.</summary>
    [Fact]
    public async Task Issuer_WhoIsLetGoWhileTheSwitchIsPutOff_HasItTakenBack()
    {
        var world = World(After(UpdateVerb.Switch, () => Change("removed")));
        world.Hooks.Fails["switch"] = HookRunner.Later;

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Reverted, UpdateReasons.NotPermitted), Outcome(world));
        Assert.Equal("old", FakeHooks.Current(_disk, UpdateWorld.Root));
    }

    /// <summary>The record says that it is switching, the helper that it has not begun: the power went in between.</summary>
    [Fact]
    public async Task Issuer_WhoIsLetGoWhileTheDeviceIsOff_HasNothingSwitchedAtTheNextStart()
    {
        using var stop = new CancellationTokenSource();
        var assigned = Assign();
        var world = World();
        var off = World(
            async (_, request) =>
            {
                if (request.Verb != UpdateVerb.Look)
                {
                    return await world.DoAsync(request);
                }

                await stop.CancelAsync();
                throw new OperationCanceledException(stop.Token);
            },
            id: world.Id);
        off.Attach(world);
        Assert.Equal(CommandState.Running, (await off.RunAsync(assigned, isFollowed: false, stop.Token)).State);
        Change("removed");

        await world.RunAsync(assigned, isFollowed: true, Ct);

        Assert.Equal((UpdateState.Failed, UpdateReasons.NotPermitted), Outcome(world));
        Assert.DoesNotContain("switch", world.Hooks.Called);
        Assert.Empty(_disk.List("root/updates"));
    }

    /// <summary>What has begun to be tried is not about who signed it any more.</summary>
    [Fact]
    public async Task Issuer_WhoIsLetGoAfterTheSwitch_ChangesNothing()
    {
        var world = World(After(UpdateVerb.Switch, () => Change("removed")));

        await world.RunAsync(Assign(), isFollowed: false, Ct);

        Assert.Equal((UpdateState.Committed, ""), Outcome(world));
    }

    private static (UpdateState Outcome, string Reason) Outcome(UpdateWorld world) => (Assert.Single(world.Receipts).Outcome, world.Receipts[0].Reason);

    /// <summary>Something else is so when the helper has done it.</summary>
    private static Func<UpdateWorld, UpdateRequest, Task<UpdateAnswer>> After(UpdateVerb verb, Action then) => async (world, request) =>
    {
        var answer = await world.DoAsync(request);
        if (request.Verb == verb)
        {
            then();
        }

        return answer;
    };

    private UpdateWorld World(
        Func<UpdateWorld, UpdateRequest, Task<UpdateAnswer>>? ask = null, Action<UpdateState>? telling = null, Func<string?>? held = null, CommandId? id = null)
    {
        var command = _operator.Make(CommandTypes.Update);
        var gate = new CommandGate(new CommandPolicy([new UpdateType()], new AgentOptions { Commands = { Allow = CommandTypes.Update } }));
        UpdateWorld world = null!;
        world = new UpdateWorld(_disk, _releases)
        {
            Id = id ?? CommandId.Generate(),
            Ask = ask is null ? null : request => ask(world, request),
            Held = held ?? (static () => null),
            Telling = telling ?? (static _ => { }),
            Judge = () => gate.JudgeUnderWay(CommandDelivery.Of(command), _roster, new CommandSituation(Device, Now, Now, BootId.Generate(), ulong.MaxValue, ulong.MaxValue)),
        };
        return world;
    }

    private void Change(string how) => _roster = how switch
    {
        "removed" => Roster(change: static _ => null),
        "rekeyed" => Roster(change: static one => one with { Identity = IdentityKey.Generate().Public }),
        "demoted" => Roster(change: static one => one with { Roles = ["viewer"] }),
        "expired" => Roster(change: static one => one with { NotAfterUnixMs = Now - 1 }),
        "roster-expired" => Roster() with { ExpiresAtUnixMs = Now - 1 },
        "two" => Roster(rule: Rule with { Signatures = 2 }),
        _ => _roster,
    };

    private RosterContent Roster(PolicyRule? rule = null, Func<RosterPrincipal, RosterPrincipal?>? change = null)
    {
        var issuer = new RosterPrincipal(_operator.Issuer, _operator.Key.Public, [], [Roles.Operator]);
        return new RosterContent(
            Device, 1, 1, 1, null, (change is null ? issuer : change(issuer)) is { } principal ? [principal] : [], new Policy([rule ?? Rule]), []);
    }

    private UpdateArguments Assign() => _releases.Add("app/1.1.0/app.tar", new byte[100], ReleaseWriter.Write(TestReleases.Tree("1.1.0", 2)));

    /// <summary>What the gate has to know of the command's type.</summary>
    private sealed class UpdateType : ICommandHandler
    {
        public string Type => CommandTypes.Update;

        public bool NeedsFreshness => false;

        public bool WaitsItself => true;

        public string? Check(ReadOnlyMemory<byte> arguments) => null;

        public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct) => throw new InvalidOperationException("It is judged, and not run.");
    }
}
