namespace Messaging.FleetServer.Ingest;

/// <inheritdoc cref="IIngestStatus"/>
internal sealed class IngestStatus(IngestQueue queue, RejectionCounter rejections) : IIngestStatus
{
    private long _records;
    private long _points;
    private long _logLines;
    private long _groups;
    private string? _lastError;

    public IngestSnapshot Current => new(
        Interlocked.Read(ref _records), Interlocked.Read(ref _points), Interlocked.Read(ref _logLines), Interlocked.Read(ref _groups),
        rejections.Total, queue.Dropped, queue.Count, Volatile.Read(ref _lastError));

    public void Stored(IngestGroup group)
    {
        Interlocked.Add(ref _records, group.Records);
        Interlocked.Add(ref _points, group.Rows.Points.Sum(series => series.SeriesId == 0 ? 0 : series.Points.Count));
        Interlocked.Add(ref _logLines, group.Rows.Logs.Count);
        if (!group.Rows.IsEmpty)
        {
            Interlocked.Increment(ref _groups);
            Volatile.Write(ref _lastError, null);
        }
    }

    public void Failed(string error) => Volatile.Write(ref _lastError, error);
}
