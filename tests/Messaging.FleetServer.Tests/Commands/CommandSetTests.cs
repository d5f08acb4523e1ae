using System.Text.Json;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Trust;
using Messaging.Wire;
using CommandState = Messaging.FleetServer.Commands.CommandState;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Commands;

/// <summary>Commands to many devices by one signature.</summary>
public sealed class CommandSetTests : IDisposable
{
    private readonly FleetOwner _owner = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _owner.Dispose();

    [Fact]
    public async Task Create_OfWhatTheServerSigns_ReachesEachOnceAndCountsThem()
    {
        await using var fleet = await Fleet.StartAsync();
        var devices = new[] { await ObedientAsync(fleet), await ObedientAsync(fleet), await ObedientAsync(fleet, DeviceState.Failed), await ObedientAsync(fleet, connect: false) };

        var creation = await fleet.Control.Sets.CreateAsync(new CommandSetRequest([.. devices.Select(one => one.Name)], "ping", null, null, false, "test"), Cancellation);

        var set = creation.Set!;
        Assert.True(set is { Size: 4, Type: "ping", SignedBy: null });
        await TotalsAsync(fleet, set.Id, totals => totals is { Done: 2, Failed: 1, Waiting: 1, Ended: 3 });
        var signed = Assert.Single(devices[..3].Select(device => Convert.ToHexString(device.Commands.Single().Bytes.Span)).Distinct());
        Assert.All(devices[..3], device => Assert.Equal(set.Id, device.Commands.Single().Content.Id.ToString()));

        var failed = await fleet.Control.Sets.MembersAsync(set.Id, [CommandState.Failed], -1, 10, Cancellation);
        Assert.NotNull(failed);
        Assert.Equal((devices[2].Name, "failed", "said"), (failed.Single().View.DeviceId, failed.Single().View.State, failed.Single().View.Message));
        var waiting = await fleet.Control.Sets.MembersAsync(set.Id, [CommandState.Waiting], -1, 10, Cancellation);
        Assert.NotNull(waiting);
        Assert.Contains("connect", waiting.Single().View.WaitingFor!, StringComparison.Ordinal);
        var all = await fleet.Control.Sets.MembersAsync(set.Id, [], 1, 10, Cancellation);
        Assert.Equal([2, 3], all!.Select(member => member.Index));

        // One that was away gets the very command, over a restart of the server.
        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        await fleet.ConnectAsync(devices[3]);
        await TotalsAsync(fleet, set.Id, totals => totals is { Done: 3, Failed: 1 });
        Assert.Equal(signed, Convert.ToHexString(devices[3].Commands.Single().Bytes.Span));
        var mine = await fleet.Control.Commands.GetAsync(devices[3].Name, set.Id, Cancellation);
        Assert.True(mine is { IsOfSet: true, State: CommandState.Done, ArgsJson: "{}" });
    }

    [Fact]
    public async Task Create_OfWhatAnOwnerSigned_BindsEachToItsBoot()
    {
        await using var fleet = await TakenOverAsync();
        var (here, rebooted) = (await ObedientAsync(fleet), await ObedientAsync(fleet));
        var order = Sign(CommandTypes.Reboot, [new(here.Id, new CommandFreshness(here.Boot, 10_000_000)), new(rebooted.Id, new CommandFreshness(BootId.Generate(), 10_000_000))]);

        var creation = await fleet.Control.Sets.CreateSignedAsync(order, "test", Cancellation);

        Assert.Null(creation.Problem);
        Assert.Equal(_owner.Id.ToString(), creation.Set!.SignedBy);
        await TotalsAsync(fleet, creation.Set.Id, totals => totals is { Done: 1, Expired: 1 });
        Assert.Equal(order.Command.Bytes.ToArray(), here.Commands.Single().Bytes.ToArray());
        Assert.Equal(here.Boot, here.Deliveries.Single().Freshness!.Value.BootId);
        Assert.Empty(rebooted.Commands);
        var expired = await fleet.Control.Sets.MembersAsync(creation.Set.Id, [CommandState.Expired], -1, 10, Cancellation);
        Assert.Contains("sign it again", expired!.Single().View.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_SentAgain_IsTheSameCommand()
    {
        await using var fleet = await TakenOverAsync();
        var devices = new[] { await fleet.EnrolAsync(connect: false), await fleet.EnrolAsync(connect: false) };
        var order = Sign(CommandTypes.Ping, [.. devices.Select(device => new SetMember(device.Id, null))]);

        var creations = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => fleet.Control.Sets.CreateSignedAsync(order, "test", Cancellation))));
        var other = await fleet.Control.Sets.CreateSignedAsync(Sign(CommandTypes.Ping, [new(devices[0].Id, null)], content => content with { Id = order.Command.Content.Id }), "test", Cancellation);

        Assert.All(creations, creation => Assert.Equal(order.Command.Content.Id.ToString(), creation.Set?.Id));
        Assert.Equal((409, "command_id_used"), (other.Problem!.Status, other.Problem.Code));
        Assert.Single(await fleet.Control.Sets.ListAsync(10, Cancellation));
        Assert.Single(await fleet.Control.Commands.ListAsync(devices[0].Name, 10, Cancellation));
    }

    [Fact]
    public async Task Create_OfWhatNobodyMay_SaysWhy()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync(connect: false);
        using var stranger = IdentityKey.Generate();
        var content = Sign(CommandTypes.Ping, [new(device.Id, null)]).Command.Content;
        var set = new DeviceSet([new(device.Id, null)]);

        Assert.Equal("command_not_signed", (await fleet.Control.Sets.CreateSignedAsync(CommandOrder.Of(Command.Sign(stranger, content), set), "test", Cancellation)).Problem?.Code);
        Assert.Equal("device_not_found", (await fleet.Control.Sets.CreateSignedAsync(Sign(CommandTypes.Ping, [new(_owner.Id, null)]), "test", Cancellation)).Problem?.Code);
        Assert.Equal("invalid_expiry", (await fleet.Control.Sets.CreateSignedAsync(Sign(CommandTypes.Ping, [new(device.Id, null)], one => one with { ExpiresAtUnixMs = 1 }), "test", Cancellation)).Problem?.Code);
        Assert.Equal("not_permitted", await Code("reboot", "{}"));
        Assert.Equal("unknown_command", await Code("fly", "{}"));
        Assert.Equal("invalid_argument", await Code("ping", "{\"x\":1}"));
        Assert.Equal("device_not_found", (await fleet.Control.Sets.CreateAsync(new CommandSetRequest(["x"], "ping", null, null, false, "test"), Cancellation)).Problem?.Code);
        Assert.Equal("no_devices", (await fleet.Control.Sets.CreateAsync(new CommandSetRequest([], "ping", null, null, false, "test"), Cancellation)).Problem?.Code);
        Assert.Empty(await fleet.Control.Sets.ListAsync(10, Cancellation));

        async Task<string?> Code(string type, string args)
        {
            using var json = JsonDocument.Parse(args);
            return (await fleet.Control.Sets.CreateAsync(new CommandSetRequest([device.Name], type, json.RootElement, null, false, "test"), Cancellation)).Problem?.Code;
        }
    }

    [Fact]
    public async Task Cancel_OfASetThatIsHalfSent_TakesBackTheOthers()
    {
        await using var fleet = await Fleet.StartAsync();
        var (here, away) = (await ObedientAsync(fleet), await fleet.EnrolAsync(connect: false));
        await fleet.Control.Devices.RevokeAsync((await fleet.EnrolAsync(connect: false)).Name, "gone", Cancellation);
        var revoked = fleet.Control.Devices.List().Single(device => device.Status == Messaging.FleetServer.Devices.DeviceStatus.Revoked).Id;
        var set = (await fleet.Control.Sets.CreateAsync(new CommandSetRequest([here.Name, away.Name, revoked], "ping", null, null, true, "test"), Cancellation)).Set!;
        await TotalsAsync(fleet, set.Id, totals => totals is { Done: 1, Waiting: 1, Cancelled: 1 });

        Assert.Equal(1, await fleet.Control.Sets.CancelAsync(set.Id, Cancellation));

        Assert.True(set.DryRun && here.Commands.Single().Content.DryRun);
        await TotalsAsync(fleet, set.Id, totals => totals is { Done: 1, Cancelled: 2, Ended: 3 });
        Assert.Null(await fleet.Control.Sets.CancelAsync(CommandId.Generate().ToString(), Cancellation));
        await fleet.ConnectAsync(away);
        var later = await fleet.Control.Commands.CreateAsync(new CommandRequest(away.Name, "ping", null, null, "test"), Cancellation);
        await Until.True(() => Task.FromResult(!away.Commands.IsEmpty), "the device gets the later command");
        Assert.Equal(later.Command!.Id, away.Commands.First().Content.Id.ToString());
    }

    [Fact]
    public async Task Propose_OfWhatTwoMustSign_IsSentWithTheSecondSignature()
    {
        using var second = IdentityKey.Generate();
        using var viewer = IdentityKey.Generate();
        PolicyRule twice = new([CommandTypes.Reboot], [Messaging.Rosters.Roles.Owner], 2, []);
        await using var fleet = await TakenOverAsync(roster => roster with
        {
            Principals = [.. roster.Principals, new(PrincipalId.FromIdentityKey(second.Public), second.Public, [], [Messaging.Rosters.Roles.Owner]), new(PrincipalId.FromIdentityKey(viewer.Public), viewer.Public, [], ["viewer"])],
            Policy = new Policy([twice]),
        });
        var (one, other) = (await ObedientAsync(fleet), await ObedientAsync(fleet));
        SetMember[] members = [new(one.Id, new CommandFreshness(one.Boot, 10_000_000)), new(other.Id, new CommandFreshness(other.Boot, 10_000_000))];
        var alone = Sign(CommandTypes.Reboot, members);
        Assert.Equal("signatures_missing", (await fleet.Control.Sets.CreateSignedAsync(alone, "test", Cancellation)).Problem?.Code);
        Assert.Equal("command_not_signed", (await fleet.Control.Proposals.CreateAsync(alone, "test", Cancellation)).Problem?.Code);
        var order = CommandOrder.Of(Command.SignJointly(alone.Command.Content, _owner.Key), alone.Set);

        var proposed = (await fleet.Control.Proposals.CreateAsync(order, "test", Cancellation)).Proposal!;

        Assert.Equal(("open", 1, 2, 2, null), (proposed.State, proposed.Signers.Count, proposed.Needed, proposed.Size, proposed.DeviceId));
        Assert.Equal(order.Encode(), await fleet.Control.Proposals.OrderAsync(proposed.Id, Cancellation));
        Assert.Equal(proposed.Id, (await fleet.Control.Proposals.CreateAsync(order, "test", Cancellation)).Proposal!.Id);
        Assert.Single((await fleet.Control.Proposals.SignAsync(proposed.Id, order.Command, Cancellation)).Proposal!.Signers);
        Assert.Equal("not_permitted", await Refusal(Command.SignJointly(order.Command.Content, viewer)));
        using var stranger = IdentityKey.Generate();
        Assert.Equal("command_not_signed", await Refusal(Command.SignJointly(order.Command.Content, stranger)));
        Assert.Equal("another_command", await Refusal(Command.SignJointly(order.Command.Content with { DryRun = true }, second)));
        Assert.Empty(one.Commands);

        // Over a restart; the approver hands over the own signature alone.
        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        foreach (var device in new[] { one, other })
        {
            device.Restart();
            await fleet.ConnectAsync(device);
        }

        var sent = await fleet.Control.Proposals.SignAsync(proposed.Id, Command.SignJointly(order.Command.Content, second), Cancellation);

        Assert.Equal(("sent", 2), (sent.Proposal!.State, sent.Proposal.Signers.Count));
        await TotalsAsync(fleet, proposed.Id, totals => totals is { Done: 2 });
        Assert.True(one.Commands.Single() is { Signatures: 2 } command && command.Verify(second.Public) && command.Verify(_owner.Key.Public));
        Assert.Equal("proposal_ended", await Refusal(Command.SignJointly(order.Command.Content, second)));
        Assert.Equal("proposal_ended", (await fleet.Control.Proposals.WithdrawAsync(proposed.Id, Cancellation)).Problem?.Code);

        var withdrawn = CommandOrder.Of(Command.SignJointly(alone.Command.Content with { Id = CommandId.Generate() }, _owner.Key), alone.Set);
        await fleet.Control.Proposals.CreateAsync(withdrawn, "test", Cancellation);
        Assert.Equal("withdrawn", (await fleet.Control.Proposals.WithdrawAsync(withdrawn.Command.Content.Id.ToString(), Cancellation)).Proposal!.State);
        Assert.Equal("proposal_ended", (await fleet.Control.Proposals.SignAsync(withdrawn.Command.Content.Id.ToString(), Command.SignJointly(withdrawn.Command.Content, second), Cancellation)).Problem?.Code);

        async Task<string?> Refusal(Command signed) => (await fleet.Control.Proposals.SignAsync(proposed.Id, signed, Cancellation)).Problem?.Code;
    }

    private static Task TotalsAsync(Fleet fleet, string id, Func<CommandSetTotals, bool> are) => Until.True(
        async () => (await fleet.Control.Sets.GetAsync(id, Cancellation)) is { } set && are(set.Totals), "the devices of the set are as far as that");

    private static async Task<TestDevice> ObedientAsync(Fleet fleet, DeviceState end = DeviceState.Done, bool connect = true)
    {
        var device = await fleet.EnrolAsync(connect);
        device.Obey = command => [device.Report(command, DeviceState.Accepted), device.Report(command, DeviceState.Running), device.Report(command, end, "said")];
        return device;
    }

    private async Task<Fleet> TakenOverAsync(Func<Messaging.Rosters.RosterContent, Messaging.Rosters.RosterContent>? change = null)
    {
        var fleet = await Fleet.StartAsync();
        Assert.Equal(TrustVerdict.Applied, await fleet.Control.Trust.TakeAsync(_owner.TakeOver(fleet.Control.Trust.Trust, change), Cancellation));
        return fleet;
    }

    private CommandOrder Sign(string type, SetMember[] members, Func<CommandContent, CommandContent>? change = null)
    {
        var set = new DeviceSet(members);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var content = new CommandContent(
            CommandId.Generate(), _owner.Id, (ulong)now, CommandTarget.Of(set.Root, 2), now, now + 600_000, null, Idempotent: false, type, EmptyArguments.Encode());
        return CommandOrder.Of(Command.Sign(_owner.Key, change?.Invoke(content) ?? content), set);
    }
}
