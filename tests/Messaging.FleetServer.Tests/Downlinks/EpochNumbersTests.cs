using Messaging.FleetServer.Downlinks;
using Messaging.FleetServer.Tests.Harness;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.FleetServer.Tests.Downlinks;

public sealed class EpochNumbersTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Next_OverStartsAndClocksThatGoBack_OnlyRises()
    {
        using var folder = new ScratchFolder();
        var first = First(folder["starts"]);
        var second = First(folder["starts"]);
        _time.AdjustTime(_time.GetUtcNow().AddYears(-3));
        var third = First(folder["starts"]);

        Assert.True(first < second && second < third, $"{first}, {second}, {third}");
    }

    [Fact]
    public void Next_AfterARestoreOfAnOldFile_IsAboveWhatWasUsedSince()
    {
        using var folder = new ScratchFolder();
        First(folder["starts"]);
        var backup = File.ReadAllBytes(folder["starts"]);
        _time.Advance(TimeSpan.FromMinutes(1));
        First(folder["starts"]);
        var used = First(folder["starts"]);

        File.WriteAllBytes(folder["starts"], backup);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(First(folder["starts"]) > used);
    }

    private ulong First(string path) => new EpochNumbers(path, _time).Next(1).EpochNo;
}
