using Messaging.Cli.Updates;

namespace Messaging.Cli.Tests.Updates;

public sealed class UpdateTextTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Table_OfManyDevices_HasTheOverdueFirstAndOneWidth() => Assert.Equal(
        [
            "downloading OVERDUE  pump-7 (bbbbbbbb)  app 1.4.0  silent since 2026-11-30 11:00:00Z, 50% of 11.0 MiB, until 2026-11-30 12:00:00Z",
            "pending              aaaaaaaa           agents/b   waits for the device to connect, since 2026-11-30 12:00:00Z",
            "reverted             aaaaaaaa           app 1.4.0  unhealthy, http failed?, since 2026-11-30 12:00:00Z",
        ],
        UpdateText.Table(
            [
                Reply("pending") with { Name = "", Target = "agents/b", WaitingFor = "the device to connect" },
                Reply("reverted") with { Ended = true, Reason = "unhealthy", Detail = "http failed\u001b" },
                Reply("downloading") with { DeviceId = new string('b', 32), DeviceName = "pump-7", Deadline = Now, SilentSince = Now.AddHours(-1), Done = 5_767_168, Total = 11_534_336 },
            ],
            withDevice: true));

    [Fact]
    public void Line_OfACommittedOne_SaysWhatWasThereBefore() => Assert.Equal(
        "committed: app 1.4.0, was 1.3.9, since 2026-11-30 12:00:00Z",
        UpdateText.Line(Reply("committed") with { Ended = true, Message = "not shown", Receipt = new UpdateReply.ReceiptReply("committed", "1.4.0", 4, "1.3.9", "k", "") }));

    [Fact]
    public void Line_OfOneThatNeighboursBrought_SaysFromWhomBytesCame() => Assert.Equal(
        "staged: app 1.4.0, 11.0 MiB from neighbours, 2.0 KiB from the fleet, since 2026-11-30 12:00:00Z",
        UpdateText.Line(Reply("staged") with { Fetched = new UpdateReply.FetchedReply(11_534_336, 0, 2048) }));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(11_534_336, "11.0 MiB")]
    [InlineData(5_368_709_120, "5.0 GiB")]
    public void Bytes_OfAnySize_AreShort(long bytes, string expected) => Assert.Equal(expected, UpdateText.Bytes(bytes));

    [Fact]
    public void Progress_OfASet_NamesStatesAndTheOverdue()
    {
        var totals = new UpdateTotalsReply(5, 1, new Dictionary<string, int> { ["committed"] = 3, ["failed"] = 1, ["downloading"] = 1, ["pending"] = 0 });

        Assert.Equal("3 committed, 1 failed, 1 downloading of 5; 1 overdue", totals.ProgressLine);
        Assert.False(totals.HasEnded);
        Assert.True(new UpdateTotalsReply(2, 0, new Dictionary<string, int> { ["committed"] = 1, ["unknown"] = 1 }) is { HasEnded: true, IsCommitted: false });
        Assert.True(new UpdateTotalsReply(2, 0, new Dictionary<string, int> { ["committed"] = 2 }) is { HasEnded: true, IsCommitted: true });
    }

    internal static UpdateReply Reply(string state) => new(
        "c", new string('a', 32), null, state, false, Now, null, null, null, null, "t", "agent", "app", "1.4.0", 0, 0, null, "", "", "", Now, "alice", null);
}
