using Messaging.Crypto;
using Messaging.Enrolment;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Enrolment;
using Messaging.FleetServer.Tests.Harness;
using Messaging.FleetServer.Validation;

namespace Messaging.FleetServer.Tests.Enrolment;

public sealed class EnrolmentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Token_ForOneUse_EnrolsOneDeviceAndAnswersItAgain()
    {
        await using var fleet = await Fleet.StartAsync();
        var token = await fleet.TokenAsync();
        var first = fleet.NewDevice();
        var second = fleet.NewDevice();

        Assert.Equal(EnrolStatus.Approved, (await first.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust())).Status);
        Assert.Equal(EnrolStatus.Approved, (await first.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust())).Status);
        var refused = await second.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust());

        Assert.Equal(EnrolStatus.Refused, refused.Status);
        Assert.Contains("used up", refused.Reason);
        Assert.Equal(1, (await fleet.Control.Enrolment.ListTokensAsync(Cancellation)).Single().Uses);
        var device = fleet.Control.Devices.Find(first.Name)!;
        Assert.Equal(("bench-1", DeviceStatus.Active), (device.Name, device.Status));
        Assert.Equal(["bench"], device.Tags);
    }

    [Fact]
    public async Task Enrolment_OfADevice_IsWrittenToTheAuditOnce()
    {
        await using var fleet = await Fleet.StartAsync();
        var token = await fleet.TokenAsync();
        var device = fleet.NewDevice();

        await device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust());
        await device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust());

        var entry = Assert.Single(await fleet.Control.Get<IAuditLog>().ListAsync(new AuditFilter(10), Cancellation));
        Assert.Equal(("device", device.Name, "device.enrol", $"devices/{device.Name}"), (entry.ActorKind, entry.ActorId, entry.Action, entry.Target));
        Assert.Contains(token.Token.Id, entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ForOneUseAndTwoDevicesAtOnce_EnrolsOne()
    {
        await using var fleet = await Fleet.StartAsync();
        var token = await fleet.TokenAsync();
        var devices = Enumerable.Range(0, 6).Select(_ => fleet.NewDevice()).ToList();

        var answers = await Task.WhenAll(devices.Select(device =>
            Task.Run(() => device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust()))));

        Assert.Single(answers, answer => answer.Status == EnrolStatus.Approved);
        Assert.Single(fleet.Control.Devices.List());
    }

    [Fact]
    public async Task Approval_WhileTheDeviceWaits_AnswersItAtOnce()
    {
        await using var fleet = await Fleet.StartAsync();
        var token = await fleet.TokenAsync(requireApproval: true);
        var device = fleet.NewDevice();
        Assert.Equal(EnrolStatus.Pending, (await device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust())).Status);
        var waiting = device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust(), TimeSpan.FromSeconds(25));

        Assert.Equal(EnrolmentDecision.Done, await fleet.Control.Enrolment.ApproveAsync(device.Name, Cancellation));

        Assert.Equal(EnrolStatus.Approved, (await waiting.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, Cancellation)).Status);
        await fleet.ConnectAsync(device);
        Assert.True(device.IsConnected);
        Assert.Equal(EnrolmentDecision.Conflict, await fleet.Control.Enrolment.RejectAsync(device.Name, "late", Cancellation));
    }

    [Fact]
    public async Task Rejection_OfAWaitingDevice_IsForGood()
    {
        await using var fleet = await Fleet.StartAsync();
        var token = await fleet.TokenAsync(maxUses: null, requireApproval: true);
        var device = fleet.NewDevice();
        await device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust());

        await fleet.Control.Enrolment.RejectAsync(device.Name, "not ours", Cancellation);

        var answer = await device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust());
        Assert.Equal(EnrolStatus.Refused, answer.Status);
        Assert.Contains("not ours", answer.Reason);
    }

    [Fact]
    public async Task Token_RevokedOrWithAWrongSecret_IsRefused()
    {
        await using var fleet = await Fleet.StartAsync();
        var token = await fleet.TokenAsync();
        Assert.True(EnrolmentToken.TryParse(token.Text, out var parsed));
        var guessed = new EnrolmentToken(parsed.BaseUrl, parsed.RootFingerprint, parsed.TokenId, new byte[16]).Format();
        Assert.Equal(EnrolStatus.Refused, (await fleet.NewDevice().EnrolAsync(fleet.Control.Enrolment, guessed, fleet.CurrentTrust())).Status);

        await fleet.Control.Enrolment.RevokeTokenAsync(token.Token.Id, Cancellation);

        Assert.Equal(EnrolStatus.Refused, (await fleet.NewDevice().EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust())).Status);
        Assert.Empty(fleet.Control.Devices.List());
    }

    [Fact]
    public async Task Device_KnownByOtherKeys_IsRefused()
    {
        await using var fleet = await Fleet.StartAsync();
        var token = await fleet.TokenAsync(maxUses: null);
        var device = fleet.NewDevice();
        await device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust());
        device.Hpke.Dispose();
        device.Hpke = HpkeKeyPair.Generate();

        Assert.Equal(EnrolStatus.Refused, (await device.EnrolAsync(fleet.Control.Enrolment, token.Text, fleet.CurrentTrust())).Status);
    }

    [Fact]
    public async Task Request_ThatCannotBeOpened_HasNoAnswer()
    {
        await using var fleet = await Fleet.StartAsync();

        Assert.Null((await fleet.Control.Enrolment.EnrolAsync(new byte[200], TimeSpan.Zero, Cancellation)).Response);
    }

    [Theory]
    [InlineData(0, 3600, "maxUses")]
    [InlineData(1, 5, "expiresIn")]
    public async Task CreateToken_OutOfLimits_NamesTheField(int maxUses, int seconds, string field)
    {
        await using var fleet = await Fleet.StartAsync();

        var error = await Assert.ThrowsAsync<InvalidInputException>(() => fleet.TokenAsync(maxUses, expiresIn: TimeSpan.FromSeconds(seconds)));

        Assert.Equal(field, error.Field);
    }
}
