namespace Messaging.FleetServer.Ingest;

/// <summary>Counters since the start of the process.</summary>
/// <param name="Records">Records that were opened and stored.</param>
/// <param name="Groups">Transactions that held them.</param>
/// <param name="Rejected">Publications that changed nothing but a counter.</param>
/// <param name="Dropped">Publications of devices that sent more than their share; the devices send them again.</param>
/// <param name="Queued">Publications that wait now.</param>
/// <param name="LastError">Why the newest transaction failed, null while they succeed.</param>
internal sealed record IngestSnapshot(
    long Records, long Points, long LogLines, long Groups, long Rejected, long Dropped, int Queued, string? LastError);
