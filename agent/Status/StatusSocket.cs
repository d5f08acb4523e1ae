namespace Messaging.Agent.Status;

/// <summary>
/// The status socket: whoever connects gets one <see cref="StatusSnapshot"/> as JSON and the end of the stream. It takes no input.
/// Only the agent's user and root may connect.
/// </summary>
internal static class StatusSocket
{
    /// <summary>A snapshot is a few KiB; a client stops at this.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    public static string PathIn(string stateFolder) => Path.Combine(stateFolder, "agent.sock");
}
