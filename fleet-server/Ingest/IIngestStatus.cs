namespace Messaging.FleetServer.Ingest;

internal interface IIngestStatus
{
    IngestSnapshot Current { get; }
}
