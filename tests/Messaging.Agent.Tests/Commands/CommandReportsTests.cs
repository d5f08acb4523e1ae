using Messaging.Agent.Commands;
using Messaging.Commands;
using Messaging.Wire;
using Microsoft.Extensions.Time.Testing;

namespace Messaging.Agent.Tests.Commands;

public sealed class CommandReportsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<(CommandReport Report, bool Durable)> _sent = [];
    private readonly CommandReports _reports;
    private bool _diskRefuses;

    public CommandReportsTests() => _reports = new CommandReports(
        (report, durable) =>
        {
            if (!_diskRefuses)
            {
                _sent.Add((report, durable));
            }

            return !_diskRefuses;
        },
        _time);

    public void Dispose() => _reports.Dispose();

    [Fact]
    public void Send_OfOneThatEndsInAMoment_TellsOnlyTheEnd()
    {
        var id = CommandId.Generate();

        _reports.Send(Report(id, 1, CommandState.Accepted), durable: false);
        _reports.Send(Report(id, 2, CommandState.Running), durable: false);
        Assert.Empty(_sent);
        _reports.Send(Report(id, 3, CommandState.Done), durable: true);
        _time.Advance(TimeSpan.FromMinutes(1));

        var (report, durable) = Assert.Single(_sent);
        Assert.Equal((3u, CommandState.Done, true), (report.ReportNo, report.State, durable));
    }

    [Fact]
    public void Send_OfOneThatGoesOn_TellsTheNewestAfterAMoment()
    {
        CommandId one = CommandId.Generate(), other = CommandId.Generate();

        _reports.Send(Report(one, 1, CommandState.Accepted), durable: false);
        _reports.Send(Report(other, 1, CommandState.Accepted), durable: false);
        _reports.Send(Report(one, 2, CommandState.Running), durable: false);
        _time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Empty(_sent);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([(one, 2u), (other, 1u)], _sent.Select(static sent => (sent.Report.CommandId, sent.Report.ReportNo)));

        // The next moment is a new one.
        _reports.Send(Report(other, 2, CommandState.Running), durable: false);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(CommandState.Running, _sent[^1].Report.State);
        Assert.Equal(3, _sent.Count);
    }

    [Fact]
    public void Send_OfAnOlderOne_DoesNotTakeTheNewersPlace()
    {
        var id = CommandId.Generate();

        _reports.Send(Report(id, 2, CommandState.Running), durable: false);
        _reports.Send(Report(id, 1, CommandState.Accepted), durable: false);
        _time.Advance(TimeSpan.FromMilliseconds(100));

        Assert.Equal(2u, Assert.Single(_sent).Report.ReportNo);
    }

    [Theory]
    [InlineData(CommandState.Rejected, "")]
    [InlineData(CommandState.Unknown, "")]
    [InlineData(CommandState.Accepted, "It waits for its window.")]
    public void Send_OfWhatIsNoBeginning_TellsAtOnce(CommandState state, string message)
    {
        _reports.Send(Report(CommandId.Generate(), 1, state, message), durable: false);

        Assert.Equal(state, Assert.Single(_sent).Report.State);
    }

    [Fact]
    public void SendHeld_BeforeOutput_TellsTheBeginningFirst()
    {
        var id = CommandId.Generate();
        _reports.Send(Report(id, 2, CommandState.Running), durable: false);

        _reports.SendHeld();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(CommandState.Running, Assert.Single(_sent).Report.State);
    }

    [Fact]
    public void SendWaiting_AfterTheDiskRefused_TellsTheNewestOfEach()
    {
        CommandId one = CommandId.Generate(), other = CommandId.Generate();
        _diskRefuses = true;
        _reports.Send(Report(one, 2, CommandState.Running), durable: false);
        _time.Advance(TimeSpan.FromMilliseconds(100));
        _reports.Send(Report(other, 1, CommandState.Rejected), durable: false);
        _reports.Send(Report(one, 3, CommandState.Done), durable: true);
        _reports.SendWaiting();
        Assert.Empty(_sent);

        _diskRefuses = false;
        _reports.SendWaiting();

        Assert.Equal(
            [(one, CommandState.Done, true), (other, CommandState.Rejected, false)], _sent.Select(static sent => (sent.Report.CommandId, sent.Report.State, sent.Durable)));
    }

    private static CommandReport Report(CommandId id, uint number, CommandState state, string message = "") =>
        new(id, number, state, null, null, null, message, default, OutputTruncated: false);
}
