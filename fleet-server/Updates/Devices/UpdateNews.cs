using System.Threading.Channels;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Updates.Devices;

/// <summary>Says that updates are further, once a second at most, however many devices load at once.</summary>
internal sealed class UpdateNews : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IFleetEvents _events;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public UpdateNews(IFleetEvents events, TimeProvider time)
    {
        _events = events;
        _time = time;
        _subscription = events.Subscribe(one =>
        {
            if (one is UpdateChanged)
            {
                _news.Writer.TryWrite(true);
            }
        });
    }

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in _news.Reader.ReadAllAsync(stoppingToken))
        {
            _events.Publish(new UpdatesChanged());
            await Task.Delay(Between, _time, stoppingToken);
        }
    }
}
