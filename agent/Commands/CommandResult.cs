using Messaging.Commands;

namespace Messaging.Agent.Commands;

/// <param name="State">Done or failed; running when only the next start of the agent can tell.</param>
/// <param name="Message">One line for people.</param>
/// <param name="ExitCode">Of a process.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="OutputTruncated">It wrote more.</param>
/// <param name="Recording">SHA-256 of what was recorded of it.</param>
internal sealed record CommandResult(
    CommandState State,
    string Message = "",
    int? ExitCode = null,
    ReadOnlyMemory<byte> Output = default,
    bool OutputTruncated = false,
    byte[]? Recording = null)
{
    public static CommandResult Done(string message = "") => new(CommandState.Done, message);

    public static CommandResult Failed(string message) => new(CommandState.Failed, message);
}
