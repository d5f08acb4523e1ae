namespace Messaging.Agent.Status;

/// <summary>What is kept for neighbours.</summary>
/// <param name="Artifacts">How many.</param>
/// <param name="Bytes">Of all of them.</param>
/// <param name="Given">Bytes that neighbours have got since the agent started.</param>
internal sealed record SharingStatus(int Artifacts, long Bytes, long Given);
