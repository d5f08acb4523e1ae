using Messaging.FleetServer.Ingest;
using Messaging.FleetServer.Pauses;
using Messaging.FleetServer.Relaying;
using Messaging.Streams;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Pauses;

public sealed class PauseBookTests
{
    private static readonly PrincipalId Device = PrincipalId.Parse(new string('1', 32));
    private static readonly PrincipalId Other = PrincipalId.Parse(new string('2', 32));
    private readonly FakeTimeProvider _time = new();
    private readonly PauseBook _book;

    public PauseBookTests() => _book = new PauseBook(_time);

    [Fact]
    public void Of_SetPause_EndsByItself()
    {
        _book.Set(Device, TimeSpan.FromMinutes(1));

        Assert.Equal(new DevicePause(_time.GetUtcNow().AddMinutes(1), PauseCause.Operator), _book.Of(Device));
        Assert.Null(_book.Of(Other));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(_book.Of(Device));
    }

    [Fact]
    public void Set_Again_ReplacesTheOlderOne()
    {
        _book.Set(Device, TimeSpan.FromHours(1));
        _book.Set(Device, TimeSpan.FromMinutes(1));

        Assert.Equal(_time.GetUtcNow().AddMinutes(1), _book.Of(Device)?.Until);
        _book.Set(Device, length: null);
        Assert.Null(_book.Of(Device));
        Assert.Equal([Device, Device, Device], Due());
    }

    [Fact]
    public void SetAll_AndOneDevice_TheLongerOneCounts()
    {
        _book.SetAll(TimeSpan.FromMinutes(10));
        _book.Set(Device, TimeSpan.FromMinutes(1));
        Assert.Equal(_time.GetUtcNow().AddMinutes(10), _book.Of(Device)?.Until);

        _book.Set(Device, TimeSpan.FromMinutes(20));
        _book.SetAll(length: null);

        Assert.Equal(_time.GetUtcNow().AddMinutes(20), _book.Of(Device)?.Until);
        Assert.Null(_book.Of(Other));
    }

    [Fact]
    public void Busy_ManyTimes_IsToldOnceInAWhileAndNeverShortensAnOperatorsPause()
    {
        for (var i = 0; i < 100; i++)
        {
            _book.Busy(Device);
        }

        Assert.Equal([Device], Due());
        Assert.Equal(PauseCause.ServerBusy, _book.Of(Device)?.Cause);
        Assert.InRange(_book.Of(Device)!.Value.Until - _time.GetUtcNow(), PauseBook.BusyTime, PauseBook.BusyTime * 2);
        _book.Set(Device, TimeSpan.FromHours(1));
        Assert.Equal(new DevicePause(_time.GetUtcNow().AddHours(1), PauseCause.Operator), _book.Of(Device));
        _time.Advance(PauseBook.BusyTime * 2);
        _book.Busy(Device);
        Assert.Equal([Device, Device], Due());
    }

    [Fact]
    public void DeviceIsBack_OnlyWhenPaused_IsToldAgain()
    {
        _book.DeviceIsBack(Device);
        Assert.Empty(Due());

        _book.SetAll(TimeSpan.FromMinutes(1));
        _book.DeviceIsBack(Device);

        Assert.Equal([null, Device], Due());
    }

    [Theory]
    [InlineData(4, 0, 3)]
    [InlineData(100, 5, 6)]
    public void Receive_MoreThanHalfOfAShareOrTooMuchInAll_AsksForAPauseBeforeAnythingIsDropped(int share, int all, int crowdedAt)
    {
        var options = new IngestOptions { MaxQueuedPerDevice = share, MaxQueued = all == 0 ? 1000 : all };
        var rejections = new RejectionCounter(_time);
        using var queue = new IngestQueue(options, rejections, _book);
        for (var i = 1; i < crowdedAt; i++)
        {
            queue.Receive(Message());
            Assert.Null(_book.Of(Device));
        }

        queue.Receive(Message());

        Assert.Equal(PauseCause.ServerBusy, _book.Of(Device)?.Cause);
        Assert.Equal(0, queue.Dropped);
    }

    private static UplinkMessage Message() => new(Device, [1], DateTimeOffset.UnixEpoch, static () => Task.CompletedTask);

    private List<PrincipalId?> Due()
    {
        List<PrincipalId?> due = [];
        while (_book.Due.TryRead(out var one))
        {
            due.Add(one);
        }

        return due;
    }
}
