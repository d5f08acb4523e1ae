using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Sessions;
using Messaging.Wire;

namespace Messaging.FleetServer.Tests.Sessions;

public sealed class SessionHubTests
{
    private static readonly PrincipalId Device = PrincipalId.Parse(new string('1', 32));
    private static readonly PrincipalId Other = PrincipalId.Parse(new string('2', 32));
    private readonly RejectionCounter _rejections = new(TimeProvider.System);
    private readonly SessionHub _hub;

    public SessionHubTests() => _hub = new SessionHub(_rejections);

    [Fact]
    public async Task Receive_APacketOfTheDevice_ReachesWhoSitsThere()
    {
        var id = SessionId.Generate();
        Assert.Equal(SessionEntry.Open, _hub.Join(Device, id, "alice", out var port));

        _hub.Receive(Device, Frame.WriteSession(Device, id, [1, 2, 3]));

        Assert.Equal([1, 2, 3], await port!.TakeAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, _rejections.Total);
    }

    [Fact]
    public void Receive_OfAnotherSender_OrNoFrame_IsCounted()
    {
        var id = SessionId.Generate();
        _hub.Join(Device, id, "alice", out var port);

        _hub.Receive(Device, Frame.WriteSession(Other, id, [1]));
        _hub.Receive(Other, Frame.WriteSession(Other, id, [1]));
        _hub.Receive(Device, [0x84, 0x03, 0x50]);

        Assert.Equal(0, port!.BytesUp);
        Assert.Equal(2, _rejections.Total);
    }

    [Fact]
    public void Receive_WhileTheClientReadsNothing_KeepsABoundedAmount()
    {
        var id = SessionId.Generate();
        _hub.Join(Device, id, "alice", out var port);

        for (var i = 0; i < 100; i++)
        {
            _hub.Receive(Device, Frame.WriteSession(Device, id, new byte[WireLimits.MaxSessionPacketBytes]));
        }

        Assert.True(port!.BytesUp <= SessionLimits.MaxQueuedBytes, $"{port.BytesUp} bytes wait.");
        Assert.Equal(100 - (SessionLimits.MaxQueuedBytes / WireLimits.MaxSessionPacketBytes), port.Dropped);
    }

    [Fact]
    public void Join_ByTheSameCaller_TakesThePlace_AndByAnotherOneNot()
    {
        var id = SessionId.Generate();
        _hub.Join(Device, id, "alice", out var former);

        Assert.Equal(SessionEntry.Taken, _hub.Join(Device, id, "mallory", out var none));
        Assert.Equal(SessionEntry.Open, _hub.Join(Device, id, "alice", out var current));

        Assert.Null(none);
        Assert.True(former!.Replaced.IsCancellationRequested);
        _hub.Leave(former);
        Assert.Equal(SessionEntry.Taken, _hub.Join(Device, id, "mallory", out _));
        _hub.Leave(current!);
        Assert.Equal(SessionEntry.Open, _hub.Join(Device, id, "mallory", out _));
    }

    [Fact]
    public void Join_BeyondADevicesShare_IsRefused()
    {
        for (var i = 0; i < SessionLimits.MaxPerDevice; i++)
        {
            Assert.Equal(SessionEntry.Open, _hub.Join(Device, SessionId.Generate(), $"caller {i}", out _));
        }

        Assert.Equal(SessionEntry.Full, _hub.Join(Device, SessionId.Generate(), "one more", out _));
        Assert.Equal(SessionEntry.Open, _hub.Join(Other, SessionId.Generate(), "one more", out _));
    }

    [Fact]
    public async Task Credit_IsUsedUp_AndComesBackWithTheDevicesWord()
    {
        var id = SessionId.Generate();
        _hub.Join(Device, id, "alice", out var port);
        await port!.WaitForCreditAsync(TestContext.Current.CancellationToken);
        port.Sent(SessionLimits.MaxUnheardBytes);

        var waiting = port.WaitForCreditAsync(TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        _hub.Receive(Device, Frame.WriteSession(Device, id, [1]));

        await waiting;
    }
}
