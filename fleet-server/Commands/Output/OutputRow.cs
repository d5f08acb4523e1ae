using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands.Output;

/// <summary>A piece of what a command wrote, as telemetry.db keeps it.</summary>
internal sealed record OutputRow(PrincipalId Device, CommandId Command, int Start, OutputSource Source, byte[] Bytes, long? Written, long ReceivedAt)
{
    /// <summary>Set when it is stored: false for one that is there, or overlaps what is.</summary>
    public bool IsNew { get; set; }
}
