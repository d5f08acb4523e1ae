using System.Collections.Concurrent;
using System.Threading.Channels;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Commands;

/// <summary>Says that a set is further, a few times a second at most, however many devices answer at once.</summary>
internal sealed class CommandSetNews : BackgroundService
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private readonly ConcurrentDictionary<string, bool> _changed = new(StringComparer.Ordinal);
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly IFleetEvents _events;
    private readonly TimeProvider _time;
    private readonly IDisposable _subscription;

    public CommandSetNews(IFleetEvents events, TimeProvider time)
    {
        _events = events;
        _time = time;
        _subscription = events.Subscribe(OnChanged);
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
            foreach (var id in _changed.Keys)
            {
                _changed.TryRemove(id, out var _);
                _events.Publish(new CommandSetChanged(id));
            }

            await Task.Delay(Between, _time, stoppingToken);
        }
    }

    private void OnChanged(FleetEvent fleetEvent)
    {
        if (fleetEvent is CommandChanged { Command: { IsOfSet: true } command })
        {
            _changed[command.Id] = true;
            _news.Writer.TryWrite(true);
        }
    }
}
