using System.Threading.Channels;
using Messaging.Commands;
using Messaging.FleetServer.Events;
using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>
/// Follows the commands that say what devices are to be like. The commands are what is durable: at a start everything is looked at again, so
/// nothing is lost between a command and its twin.
/// </summary>
internal sealed partial class TwinTracker : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);
    private readonly TwinBook _book;
    private readonly TwinCommands _commands;
    private readonly TimeProvider _time;
    private readonly ILogger<TwinTracker> _logger;
    private readonly Channel<string> _due = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IDisposable _subscription;

    public TwinTracker(TwinBook book, TwinCommands commands, IFleetEvents events, TimeProvider time, ILogger<TwinTracker> logger)
    {
        _book = book;
        _commands = commands;
        _time = time;
        _logger = logger;
        _subscription = events.Subscribe(one =>
        {
            if (one is CommandChanged { Command: { Type: CommandTypes.DesiredSet, DryRun: false } })
            {
                Look(one.DeviceId);
            }
        });
    }

    /// <summary>What the device is to be like may be another.</summary>
    public void Look(string deviceId) => _due.Writer.TryWrite(deviceId);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _book.LoadAsync(cancellationToken);
        foreach (var device in await _commands.DevicesAsync(cancellationToken))
        {
            Look(device);
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
        var devices = new HashSet<string>(StringComparer.Ordinal);
        while (await _due.Reader.WaitToReadAsync(stoppingToken))
        {
            devices.Clear();
            while (_due.Reader.TryRead(out var device))
            {
                devices.Add(device);
            }

            foreach (var device in devices)
            {
                await FollowAsync(device, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(string device, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var commands = await _commands.NewestAsync(device, cancellationToken);
                await _book.ChangeAsync(device, row => TwinChoice.Apply(row, commands, Reported(row)), cancellationToken);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(error, device);
            }

            await Task.Delay(Retry, _time, cancellationToken);
        }
    }

    private static long? Reported(TwinRow row) => row.Report is { } bytes && TwinReport.TryDecode(bytes, out var report) ? (long)report.Version : null;

    [LoggerMessage(EventId = 7300, Level = LogLevel.Error, Message = "What device {Device} is to be like cannot be stored; it is tried again")]
    private partial void LogFailed(Exception error, string device);
}
