using System.Threading.Channels;

namespace Messaging.FleetServer.Ingest;

/// <summary>Sends answers to devices beside the ingest, which must not wait for a slow relay.</summary>
internal sealed partial class AnswerSender(ILogger<AnswerSender> logger) : BackgroundService
{
    private const int AtOnce = 8;
    private readonly Channel<Func<CancellationToken, Task>> _answers = Channel.CreateUnbounded<Func<CancellationToken, Task>>();

    public void Add(Func<CancellationToken, Task> answer) => _answers.Writer.TryWrite(answer);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _answers.Reader.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
        async (answer, cancellationToken) =>
        {
            try
            {
                await answer(cancellationToken);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                // The device asks again for what it misses.
                Log.Failed(logger, error);
            }
        });
}
