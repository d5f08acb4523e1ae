namespace Messaging.FleetServer.Hosting;

/// <summary>Knows when the process began to serve. A hosted service, so that it is made then, and not when somebody first asks.</summary>
internal sealed class ServerClock(TimeProvider time) : IHostedService
{
    public DateTimeOffset StartedAt { get; private set; } = time.GetUtcNow();

    public DateTimeOffset Now => time.GetUtcNow();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        StartedAt = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
