using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands.Output;

/// <summary>Answers what a command wrote: what was sent while it ran, or else what its report holds.</summary>
internal sealed class OutputReader(OutputTable table, ICommandService commands, TimeProvider time)
{
    /// <summary>An end is known a moment before the output that came with it.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(3);

    /// <returns>Null when there is no such command.</returns>
    public async Task<OutputView?> ReadAsync(string deviceId, string commandId, int from, int limit, CancellationToken cancellationToken)
    {
        if (!PrincipalId.TryParse(deviceId, out var device) || !CommandId.TryParse(commandId, out var command)
            || await commands.GetAsync(deviceId, commandId, cancellationToken) is not { } snapshot)
        {
            return null;
        }

        var rows = table.Read(device, command, from, limit);
        if (rows.Count > 0)
        {
            var items = rows.Where(row => row.Start + row.Bytes.Length > from).Select(row => Cut(row, from)).ToList();
            return new OutputView(items, items.Count > 0 ? items[^1].Offset + items[^1].Data.Length : from, rows[^1].Written is not null, rows[^1].Written);
        }

        return from > 0 ? new OutputView([], from, snapshot.State.IsFinal() && IsSettled(snapshot), null) : OfReport(snapshot);
    }

    private static OutputPieceView Cut(OutputRow row, int from) =>
        row.Start >= from ? OutputPieceView.Of(row) : new OutputPieceView(from, OutputPieceView.Word(row.Source), row.Bytes[(from - row.Start)..]);

    private OutputView OfReport(CommandSnapshot command)
    {
        if (!command.State.IsFinal() || (CommandCatalog.Find(command.Type) is { Streams: true } && !IsSettled(command)))
        {
            return new OutputView([], 0, false, null);
        }

        var bytes = command.OutputBytes;
        return new OutputView(
            bytes.Length > 0 ? [new OutputPieceView(0, OutputPieceView.Word(OutputSource.Output), bytes)] : [], bytes.Length, true, command.OutputTruncated ? null : bytes.Length);
    }

    private bool IsSettled(CommandSnapshot command) =>
        (command.OutputBytes.Length == 0 && !command.OutputTruncated) || time.GetUtcNow() - command.FinishedAt > Behind;
}
