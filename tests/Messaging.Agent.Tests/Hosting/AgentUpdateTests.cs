using System.Security.Cryptography;
using Messaging.Commands;
using Messaging.Rosters;
using Messaging.Streams;
using Messaging.Telemetry;
using Messaging.Trust;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Tests.Hosting;

public sealed class AgentUpdateTests
{
    [Fact]
    public async Task Update_WhoseIssuerMayNotAnyMore_EndsAtTheNextStartThoughItsTimeHasNotCome()
    {
        await using var fixture = await AgentFixture.StartAsync();
        var (control, fleet) = (fixture.Control, fixture.Fleet);
        var helper = Path.Combine(fixture.Folder, "helper.socket");
        await File.WriteAllBytesAsync(helper, []);
        var settings = (string[])["Updates:Helper=" + helper, "Commands:Allow=update"];
        var agent = await fixture.RunConnectedAsync(settings);
        var arguments = new UpdateArguments { Target = "app", Length = 1, Sha256 = RandomNumberGenerator.GetBytes(32), Seconds = UpdateArguments.MaxSeconds, SpreadSeconds = UpdateArguments.MaxSpreadSeconds };
        var command = control.MakeCommand(CommandTypes.Update, arguments.Encode());
        await control.SendAsync(command);
        await control.UntilAsync(() => States(control).Contains(UpdateState.Assigned), "the assignment; " + agent.Output);

        var roster = fleet.Trust.Roster.Content with { Version = 2, Policy = new Policy([new PolicyRule([CommandTypes.Update], ["release-manager"], 1, [])]) };
        await control.SendAsync(StreamId.Control, RecordType.Trust, (fleet.Trust with { Roster = Roster.Sign(roster, fleet.Root) }).Encode());
        await control.UntilAsync(() => IsTaken(control), "the new roster; " + agent.Output);
        await agent.KillAsync();
        await fixture.RunConnectedAsync(settings);

        Assert.Contains(UpdateReasons.NotPermitted, (await control.ResultAsync(command.Content.Id, CommandState.Failed)).Message, StringComparison.Ordinal);
        await control.UntilAsync(() => Receipts(control).Any(), "the receipt");
        var receipt = Receipts(control).First();
        Assert.Equal((UpdateState.Failed, UpdateReasons.NotPermitted), (receipt.Outcome, receipt.Reason));
        Assert.Contains("lets no server, operator, owner have update run", receipt.Detail, StringComparison.Ordinal);
    }

    private static bool IsTaken(FakeControl control) => control.Records
        .Where(record => record.Type == RecordType.Event)
        .Any(record => EventBatch.TryDecode(record.Content, out var batch) && batch.Events.Any(one => one.Name == "trust.changed"));

    private static IEnumerable<UpdateState> States(FakeControl control) => control.Records
        .Where(record => record.Type == RecordType.UpdateStatus)
        .Select(record => UpdateStatus.TryDecode(record.Content, out var status) ? status.State : throw new InvalidDataException("no status"));

    private static IEnumerable<UpdateReceipt> Receipts(FakeControl control) => control.Records
        .Where(record => record.Type == RecordType.UpdateReceipt)
        .Select(record => UpdateReceipt.TryRead(record.Content, out var receipt) ? receipt : throw new InvalidDataException("no receipt"));
}
