namespace Messaging.Cli.Recordings;

/// <summary>What <c>fleetctl recordings list --json</c> shows.</summary>
/// <param name="Recordings">Newest first.</param>
internal sealed record RecordingList(IReadOnlyList<RecordingReply> Recordings);
