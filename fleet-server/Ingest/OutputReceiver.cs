using Messaging.Commands;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Events;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>Takes in what commands write. Belongs to the one who ingests.</summary>
internal sealed class OutputReceiver(ICommandReports commands, IFleetEvents events)
{
    private const int Remembered = 1024;
    private readonly HashSet<(PrincipalId, CommandId)> _known = [];

    public async Task<string?> TakeAsync(OpenedRecord record, IngestGroup group, CancellationToken cancellationToken)
    {
        if (!CommandOutput.TryDecode(record.Plaintext, out var output))
        {
            return RejectionReason.Undecodable;
        }

        if (!await IsKnownAsync(record.Device, output.CommandId, cancellationToken))
        {
            return RejectionReason.UnknownCommand;
        }

        var row = new OutputRow(
            record.Device, output.CommandId, output.Offset, output.Source, output.Bytes.ToArray(), output.Written, record.ReceivedAt.ToUnixTimeMilliseconds());
        group.Rows.Outputs.Add(row);
        group.AfterCommit.Add(() =>
        {
            foreach (var kept in row.Kept)
            {
                events.Publish(new CommandOutputStored(kept.Device.ToString(), kept));
            }
        });
        return null;
    }

    private async Task<bool> IsKnownAsync(PrincipalId device, CommandId command, CancellationToken cancellationToken)
    {
        if (_known.Contains((device, command)))
        {
            return true;
        }

        if (!await commands.KnowsAsync(device, command, cancellationToken))
        {
            return false;
        }

        if (_known.Count >= Remembered)
        {
            _known.Clear();
        }

        return _known.Add((device, command));
    }
}
