namespace Messaging.FleetServer.Files;

/// <param name="Files">Entries, whatever became of them.</param>
/// <param name="Receiving">Of these, the ones that are being received.</param>
/// <param name="Bytes">Of those that are complete or on their way, by their announced sizes.</param>
internal readonly record struct FileUsage(long Files, long Receiving, long Bytes);
