using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <summary>What the journal knows of a command. Immutable.</summary>
/// <param name="Delivery">As it came.</param>
/// <param name="BootId">The boot in which it was accepted.</param>
/// <param name="State">How far it is.</param>
/// <param name="ReportNo">Number of the last report, durable before the report is sent.</param>
/// <param name="AtUnixMs">When it came into this state, by the wall clock if plausible.</param>
/// <param name="ExitCode">Of a process.</param>
/// <param name="Message">One line for people.</param>
/// <param name="Waits">Accepted, and not to run before its maintenance window opens: it has not begun.</param>
/// <param name="Recording">SHA-256 of what was recorded of it; null where nothing was.</param>
internal sealed record JournaledCommand(
    CommandDelivery Delivery,
    BootId BootId,
    CommandState State,
    uint ReportNo,
    long? AtUnixMs,
    int? ExitCode,
    string Message,
    bool Waits,
    byte[]? Recording = null)
{
    public Command Command => Delivery.Command;

    public CommandId Id => Command.Content.Id;

    public CommandReport Report(int? progressPermille = null, ReadOnlyMemory<byte> output = default, bool truncated = false) =>
        new(Id, ReportNo, State, AtUnixMs, progressPermille, ExitCode, Message, output, truncated);
}
