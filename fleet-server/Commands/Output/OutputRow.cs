using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands.Output;

/// <summary>A piece of what a command wrote, as telemetry.db keeps it.</summary>
internal sealed record OutputRow(PrincipalId Device, CommandId Command, int Start, OutputSource Source, byte[] Bytes, long? Written, long ReceivedAt)
{
    /// <summary>Gets or sets what of it was stored: nothing when all of it was there before.</summary>
    public IReadOnlyList<OutputRow> Kept { get; set; } = [];
}
