using System.Threading.Channels;
using Messaging.Commands;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>
/// Follows the commands that assign updates, so that one which expired, was cancelled or never reached its device ends as well. The commands are what is durable: at a start
/// everything that is behind is looked at again.
/// </summary>
internal sealed partial class UpdateTracker : BackgroundService
{
    private const int MostAtOnce = 512;
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private readonly UpdateBook _book;
    private readonly TimeProvider _time;
    private readonly ILogger<UpdateTracker> _logger;
    private readonly Channel<UpdateKey> _due = Channel.CreateUnbounded<UpdateKey>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IDisposable _subscription;

    public UpdateTracker(UpdateBook book, IFleetEvents events, TimeProvider time, ILogger<UpdateTracker> logger)
    {
        _book = book;
        _time = time;
        _logger = logger;
        _subscription = events.Subscribe(one =>
        {
            if (one is CommandChanged { Command: { Type: CommandTypes.Update, DryRun: false } command })
            {
                _due.Writer.TryWrite(new UpdateKey(one.DeviceId, command.Id));
            }
        });
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var key in await _book.StaleAsync(cancellationToken))
        {
            _due.Writer.TryWrite(key);
        }

        await base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var keys = new HashSet<UpdateKey>();
        while (await _due.Reader.WaitToReadAsync(stoppingToken))
        {
            keys.Clear();
            while (keys.Count < MostAtOnce && _due.Reader.TryRead(out var key))
            {
                keys.Add(key);
            }

            await FollowAsync(keys, stoppingToken);
        }
    }

    private async Task FollowAsync(HashSet<UpdateKey> keys, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                _book.Tell(await _book.FollowAsync(keys, cancellationToken));
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(error, keys.Count);
            }

            await Task.Delay(Retry, _time, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 7400, Level = LogLevel.Error, Message = "How far {Count} updates are cannot be stored; it is tried again")]
    private partial void LogFailed(Exception error, int count);
}
