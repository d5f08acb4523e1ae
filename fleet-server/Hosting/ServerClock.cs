namespace Messaging.FleetServer.Hosting;

/// <summary>Knows when the process began to serve.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    public DateTimeOffset Now => time.GetUtcNow();
}
