using Messaging.Relay.Mqtt;
using Messaging.Relay.Mqtt.Protocol;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Doors;

/// <summary>Keeps the time of a broker whose connections the host accepts, and says good-bye to them.</summary>
internal sealed partial class BrokerKeeper(Broker broker, ILogger<BrokerKeeper> logger) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);
    private ITimer? _timer;
    private int _isSweeping;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = broker.Time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the host stops anything: Kestrel would end the connections without a word.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        broker.CloseAll(ReasonCode.ServerShuttingDown);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    private void Sweep()
    {
        if (Interlocked.Exchange(ref _isSweeping, 1) != 0)
        {
            return;
        }

        try
        {
            broker.Sweep();
        }
        catch (Exception fault)
        {
            LogFault(logger, fault);
        }
        finally
        {
            Volatile.Write(ref _isSweeping, 0);
        }
    }

    [LoggerMessage(1076, LogLevel.Error, "A fault of the broker")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
