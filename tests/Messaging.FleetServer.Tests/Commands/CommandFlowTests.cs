using System.Text.Json;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Tests.Harness;
using Messaging.Streams;
using Messaging.Telemetry;
using Microsoft.EntityFrameworkCore;
using DeviceState = Messaging.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Commands;

public sealed class CommandFlowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ping_ToAnOnlineDevice_IsSignedSentAndDone()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Accepted), device.Report(command, DeviceState.Done, "pong")];

        var command = await CreateAsync(fleet, device, "ping");

        var done = await EndAsync(fleet, command);
        Assert.Equal(CommandState.Done, done.State);
        Assert.Equal("pong", done.Message);
        Assert.NotNull(done.Latency);
        Assert.Equal(device.Trust!.Server.Id, device.Commands.Single().Content.IssuerId);
    }

    [Fact]
    public async Task Command_ToAnOfflineDevice_WaitsAndIsSentWhenItConnects()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync(connect: false);
        device.Obey = command => [device.Report(command, DeviceState.Done)];
        var command = await CreateAsync(fleet, device, "ping");
        Assert.Equal(CommandState.Waiting, command.State);
        Assert.Contains("connect", command.WaitingFor);

        await fleet.ConnectAsync(device);

        Assert.Equal(CommandState.Done, (await EndAsync(fleet, command)).State);
    }

    [Fact]
    public async Task Command_StoredBeforeARestartOfControl_IsSentAfterIt()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync(connect: false);
        device.Obey = command => [device.Report(command, DeviceState.Done)];
        var command = await CreateAsync(fleet, device, "ping");

        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        await fleet.ConnectAsync(device);

        Assert.Equal(CommandState.Done, (await EndAsync(fleet, command)).State);
    }

    [Fact]
    public async Task Sequence_OverARestartOfControl_OnlyRises()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Done)];
        await EndAsync(fleet, await CreateAsync(fleet, device, "ping"));
        await EndAsync(fleet, await CreateAsync(fleet, device, "ping"));

        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        await EndAsync(fleet, await CreateAsync(fleet, device, "ping"));

        // One that was sent again, because its report took long, comes with the same number.
        var sequence = device.Commands.Select(command => command.Content.IssuerSeq).Distinct().ToList();
        Assert.Equal(3, sequence.Count);
        Assert.Equal(sequence.Order(), sequence);
    }

    [Fact]
    public async Task Sequence_AfterARestoreOfAnOldRegistry_IsAboveWhatTheDeviceHasSeen()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Done)];
        await EndAsync(fleet, await CreateAsync(fleet, device, "ping"));
        var seen = device.Commands.Last().Content.IssuerSeq;

        await using (var db = await fleet.Control.Get<IDbContextFactory<FleetDbContext>>().CreateDbContextAsync(Cancellation))
        {
            await db.Set<IssuerSequence>().ExecuteDeleteAsync(Cancellation);
        }

        await fleet.StopControlAsync();
        await fleet.StartControlAsync();
        await EndAsync(fleet, await CreateAsync(fleet, device, "ping"));

        Assert.True(device.Commands.Last().Content.IssuerSeq > seen);
    }

    [Fact]
    public async Task Command_WithoutAnAnswer_IsSentAgainAsTheSameBytes()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with
        {
            Commands = settings.Commands with { FirstResend = TimeSpan.FromMilliseconds(50), ReviewInterval = TimeSpan.FromMilliseconds(50) },
        });
        var device = await fleet.EnrolAsync();
        device.Obey = command => device.Commands.Count < 3 ? [] : [device.Report(command, DeviceState.Done)];

        var done = await EndAsync(fleet, await CreateAsync(fleet, device, "ping"));

        Assert.Equal(CommandState.Done, done.State);
        Assert.Single(device.Commands.Select(command => Convert.ToHexString(command.Bytes.Span)).Distinct());
    }

    [Fact]
    public async Task Reboot_IsBoundToTheBootAndSignedAnewForTheNext()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with { Commands = settings.Commands with { ShortestResend = TimeSpan.Zero } });
        var device = await fleet.EnrolAsync();
        var first = device.Boot;
        await CreateAsync(fleet, device, "reboot");
        await Until.True(() => device.Commands.Count == 1, "the command arrives");

        await device.DisconnectAsync();
        device.Restart(reboot: true);
        await fleet.ConnectAsync(device);
        await Until.True(() => device.Commands.Count >= 2, "the command arrives in the next boot");

        var sent = device.Commands.ToArray();
        Assert.Equal(first, sent[0].Content.Freshness!.Value.BootId);
        Assert.True(sent[0].Content.Freshness!.Value.UptimeDeadlineMs > device.UptimeMs);
        Assert.Equal(device.Boot, sent[^1].Content.Freshness!.Value.BootId);
        Assert.Equal(sent[0].Content.Id, sent[^1].Content.Id);
        Assert.True(sent[^1].Content.IssuerSeq > sent[0].Content.IssuerSeq);
    }

    [Fact]
    public async Task Command_ThatNobodyFetches_Expires()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync(connect: false);

        var command = await CreateAsync(fleet, device, "ping", expiresIn: TimeSpan.FromSeconds(1));

        var ended = await EndAsync(fleet, command);
        Assert.Equal(CommandState.Expired, ended.State);
        Assert.NotEmpty(ended.Message);
    }

    [Fact]
    public async Task Report_ThatComesAfterTheServerGaveUp_CorrectsIt()
    {
        await using var fleet = await Fleet.StartAsync(settings => settings with
        {
            Commands = settings.Commands with { LongestSilence = TimeSpan.FromMilliseconds(100), ReviewInterval = TimeSpan.FromMilliseconds(50) },
        });
        var device = await fleet.EnrolAsync();
        device.Obey = command => [device.Report(command, DeviceState.Running)];
        var command = await CreateAsync(fleet, device, "ping", expiresIn: TimeSpan.FromSeconds(1));
        var given = await EndAsync(fleet, command);
        Assert.Equal(CommandState.Unknown, given.State);

        await device.SendReportAsync(device.Report(device.Commands.First(), DeviceState.Done, "late"));

        await Until.True(async () => (await GetAsync(fleet, command)).State == CommandState.Done, "the device's word counts");
    }

    [Fact]
    public async Task Cancel_BeforeAndAfterSending_TakesBackOnlyWhatWaits()
    {
        await using var fleet = await Fleet.StartAsync();
        var offline = await fleet.EnrolAsync(connect: false);
        var online = await fleet.EnrolAsync();
        var waiting = await CreateAsync(fleet, offline, "ping");
        var sent = await CreateAsync(fleet, online, "ping");
        await Until.True(() => !online.Commands.IsEmpty, "the command arrives");
        await Until.True(async () => (await GetAsync(fleet, sent)).State == CommandState.Sent, "it is known to be sent");

        Assert.Equal(CommandCancellation.Cancelled, await fleet.Control.Commands.CancelAsync(offline.Name, waiting.Id, Cancellation));
        Assert.Equal(CommandCancellation.TooLate, await fleet.Control.Commands.CancelAsync(online.Name, sent.Id, Cancellation));
        Assert.Equal(CommandCancellation.NotFound, await fleet.Control.Commands.CancelAsync(offline.Name, sent.Id, Cancellation));
        Assert.Equal(CommandState.Cancelled, (await GetAsync(fleet, waiting)).State);
    }

    [Fact]
    public async Task Revoke_WithOpenCommands_EndsThem()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync(connect: false);
        var command = await CreateAsync(fleet, device, "ping");

        await fleet.Control.Devices.RevokeAsync(device.Name, "stolen", Cancellation);

        Assert.Equal(CommandState.Cancelled, (await EndAsync(fleet, command)).State);
        Assert.Equal("device_not_active", (await AskAsync(fleet, device, "ping")).Problem!.Code);
    }

    [Fact]
    public async Task Create_WhatTheDeviceDoesNotAllow_SaysSo()
    {
        await using var fleet = await Fleet.StartAsync();
        var device = await fleet.EnrolAsync();
        var info = new DeviceInfo([new("os.name", "Debian")], [new("cpu", TimeSpan.FromSeconds(2))], ["ping", "run-script"], ["backup"], []);
        await device.SendAsync(StreamId.Events, RecordType.DeviceInfo, info.Encode());
        await device.AcknowledgedAsync("the device is described");

        Assert.Equal("not_allowed_on_device", (await AskAsync(fleet, device, "reboot")).Problem!.Code);
        var wrongScript = (await AskAsync(fleet, device, "run-script", """{"name":"format"}""")).Problem!;
        Assert.Equal(("not_allowed_on_device", "args.name"), (wrongScript.Code, wrongScript.Field));
        Assert.Null((await AskAsync(fleet, device, "run-script", """{"name":"backup","arguments":["now"]}""")).Problem);
    }

    private static async Task<CommandCreation> AskAsync(
        Fleet fleet, TestDevice device, string type, string? args = null, TimeSpan? expiresIn = null)
    {
        using var document = JsonDocument.Parse(args ?? "{}");
        return await fleet.Control.Commands.CreateAsync(
            new CommandRequest(device.Name, type, document.RootElement.Clone(), expiresIn, "tester"), Cancellation);
    }

    private static async Task<CommandSnapshot> CreateAsync(Fleet fleet, TestDevice device, string type, TimeSpan? expiresIn = null)
    {
        var creation = await AskAsync(fleet, device, type, null, expiresIn);
        Assert.Null(creation.Problem);
        return creation.Command!;
    }

    private static async Task<CommandSnapshot> GetAsync(Fleet fleet, CommandSnapshot command) =>
        await fleet.Control.Commands.GetAsync(command.DeviceId, command.Id, Cancellation) ?? throw new InvalidOperationException("No command.");

    private static Task<CommandSnapshot> EndAsync(Fleet fleet, CommandSnapshot command) => Until.Some(
        async () => await GetAsync(fleet, command) is { } now && now.State.IsFinal() ? now : null, $"the {command.Type} ends");
}
