using Messaging.FleetServer.Updates.Artifacts;

namespace Messaging.FleetServer.Updates;

/// <summary>Signs timestamp and snapshot before they end, and deletes what is left of uploads that nobody goes on with.</summary>
internal sealed partial class RepositoryKeeper(
    UpdateRepository repository, ArtifactStore artifacts, ArtifactUploads uploads, RepositoryLimits limits, TimeProvider time, ILogger<RepositoryKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>One round.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await repository.RefreshAsync(cancellationToken);
        var limit = (time.GetUtcNow() - limits.LongestUpload).UtcDateTime;
        foreach (var part in artifacts.List().Where(one => !one.IsWhole && one.WrittenAt < limit && !uploads.IsBusy(one.Sha256)))
        {
            artifacts.DeletePart(part.Sha256);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await KeepAsync(stoppingToken);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested && error is IOException or UnauthorizedAccessException)
            {
                LogFailed(logger, error);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(1, LogLevel.Error, "The repository's timestamp could not be signed anew; trying again in an hour")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
