using Messaging.Commands;
using Messaging.Crypto;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Trust;
using Messaging.Wire;
using CommandState = Messaging.FleetServer.Commands.CommandState;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Commands;

/// <summary>Commands that the server brings and has not signed.</summary>
public sealed class SignedCommandTests : IDisposable
{
    private readonly FleetOwner _owner = new();
    private ulong _sequence = 100;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _owner.Dispose();

    [Fact]
    public async Task Create_OfWhatAnOwnerSigned_BringsTheVeryBytes()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Accepted), device.Report(command, DeviceState.Done, "back in a minute")];
        var signed = Sign(device, CommandTypes.Reboot, boot: device.Boot);

        var creation = await CreateAsync(fleet, device, signed);

        Assert.Null(creation.Problem);
        var done = await EndAsync(fleet, device, creation);
        Assert.Equal((CommandState.Done, "back in a minute", CommandTypes.Reboot), (done.State, done.Message, done.Type));
        Assert.Equal(signed.Bytes.ToArray(), device.Commands.Single().Bytes.ToArray());
        Assert.Equal(_owner.Id.ToString(), done.SignedBy);
    }

    [Fact]
    public async Task Create_SentAgain_IsTheSameCommand()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync(connect: false);
        var signed = Sign(device, CommandTypes.Ping);

        var first = await CreateAsync(fleet, device, signed);
        var again = await CreateAsync(fleet, device, signed);
        var other = await CreateAsync(fleet, device, Sign(device, CommandTypes.Ping, change: content => content with { Id = signed.Content.Id }));

        var another = await fleet.EnrolAsync(connect: false);
        var elsewhere = await CreateAsync(fleet, another, Sign(another, CommandTypes.Ping, change: content => content with { Id = signed.Content.Id }));

        Assert.Equal((409, "command_id_used"), (elsewhere.Problem!.Status, elsewhere.Problem.Code));
        Assert.Equal(first.Command!.Id, again.Command!.Id);
        Assert.Single(await fleet.Control.Commands.ListAsync(device.Id.ToString(), 10, Cancellation));
        Assert.Equal((409, "command_id_used"), (other.Problem!.Status, other.Problem.Code));
    }

    [Fact]
    public async Task Create_SentManyTimesAtOnce_IsOneCommandForAll()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync(connect: false);
        var signed = Sign(device, CommandTypes.Ping);

        var creations = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => CreateAsync(fleet, device, signed))));

        Assert.All(creations, creation => Assert.Equal(signed.Content.Id.ToString(), creation.Command?.Id));
        Assert.Single(await fleet.Control.Commands.ListAsync(device.Id.ToString(), 10, Cancellation));
    }

    [Fact]
    public async Task Create_ForABootThatIsOver_EndsWhenTheDeviceComes()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync(connect: false);
        var creation = await CreateAsync(fleet, device, Sign(device, CommandTypes.Reboot, boot: BootId.Generate()));

        await fleet.ConnectAsync(device);

        var ended = await EndAsync(fleet, device, creation);
        Assert.Equal(CommandState.Expired, ended.State);
        Assert.Contains("sign it again", ended.Message, StringComparison.Ordinal);
        Assert.Empty(device.Commands);
    }

    [Fact]
    public async Task Create_OfWhatADeviceWouldRefuse_SaysWhy()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync(connect: false);
        using var stranger = IdentityKey.Generate();
        var content = Sign(device, CommandTypes.Ping).Content;
        var late = TimeProvider.System.GetUtcNow().AddDays(31).ToUnixTimeMilliseconds();

        Assert.Equal("command_not_signed", await Code(Command.Sign(stranger, content)));
        Assert.Equal("command_not_signed", await Code(Command.Sign(stranger, content with { IssuerId = PrincipalId.FromIdentityKey(stranger.Public) })));
        Assert.Equal("wrong_target", await Code(Command.Sign(_owner.Key, content with { Target = content.Target with { Id = _owner.Id } })));
        Assert.Equal("wrong_target", await Code(Command.Sign(_owner.Key, content with { Target = CommandTarget.Of(new DeviceSet([new(device.Id, null)]).Root, 1) })));
        Assert.Equal("invalid_expiry", await Code(Command.Sign(_owner.Key, content with { ExpiresAtUnixMs = 1 })));
        Assert.Equal("invalid_expiry", await Code(Command.Sign(_owner.Key, content with { ExpiresAtUnixMs = late })));
        Assert.Equal("invalid_sequence", await Code(Command.Sign(_owner.Key, content with { IssuerSeq = ulong.MaxValue })));
        var unreadable = await fleet.Control.Commands.CreateSignedAsync(device.Id.ToString(), new byte[] { 0x84 }, "test", Cancellation);
        Assert.Equal((422, "command_unreadable"), (unreadable.Problem!.Status, unreadable.Problem.Code));
        Assert.Equal(404, (await fleet.Control.Commands.CreateSignedAsync(_owner.Id.ToString(), Command.Sign(_owner.Key, content).Bytes, "test", Cancellation)).Problem!.Status);
        Assert.Empty(await fleet.Control.Commands.ListAsync(device.Id.ToString(), 10, Cancellation));

        async Task<string?> Code(Command command) => (await CreateAsync(fleet, device, command)).Problem?.Code;
    }

    [Fact]
    public async Task Create_BetweenCommandsOfTheServer_KeepsBothInOrder()
    {
        await using var fleet = await TakenOverAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Done)];
        for (var i = 0; i < 3; i++)
        {
            var own = await fleet.Control.Commands.CreateAsync(new CommandRequest(device.Id.ToString(), CommandTypes.Ping, null, null, "test"), Cancellation);
            var signed = await CreateAsync(fleet, device, Sign(device, CommandTypes.Ping));
            Assert.Equal(CommandState.Done, (await EndAsync(fleet, device, own)).State);
            Assert.Equal(CommandState.Done, (await EndAsync(fleet, device, signed)).State);
        }

        Assert.All(device.Commands.GroupBy(command => command.Content.IssuerId), group => Assert.Equal(group.Select(Seq).Order(), group.Select(Seq)));

        static ulong Seq(Command command) => command.Content.IssuerSeq;
    }

    private static Task<CommandCreation> CreateAsync(Fleet fleet, TestDevice device, Command command) =>
        fleet.Control.Commands.CreateSignedAsync(device.Id.ToString(), command.Bytes, "test", Cancellation);

    private static Task<CommandSnapshot> EndAsync(Fleet fleet, TestDevice device, CommandCreation creation) => Until.Some(
        async () => await fleet.Control.Commands.GetAsync(device.Id.ToString(), creation.Command!.Id, Cancellation) is { FinishedAt: not null } ended ? ended : null,
        "the command ends");

    private async Task<Fleet> TakenOverAsync()
    {
        var fleet = await Fleet.StartAsync();
        Assert.Equal(TrustVerdict.Applied, await fleet.Control.Trust.TakeAsync(_owner.TakeOver(fleet.Control.Trust.Trust), Cancellation));
        return fleet;
    }

    private Command Sign(TestDevice device, string type, BootId? boot = null, Func<CommandContent, CommandContent>? change = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var content = new CommandContent(
            CommandId.Generate(),
            _owner.Id,
            _sequence++,
            new CommandTarget(CommandTargetKind.Device, device.Id, 2),
            now,
            now + 600_000,
            boot is { } id ? new CommandFreshness(id, 10_000_000) : null,
            Idempotent: boot is null,
            type,
            EmptyArguments.Encode());
        return Command.Sign(_owner.Key, change?.Invoke(content) ?? content);
    }
}
