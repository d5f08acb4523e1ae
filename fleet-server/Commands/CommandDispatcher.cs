using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <summary>Sends commands when something happened, and looks at all open ones regularly: sending again, expiry.</summary>
internal sealed partial class CommandDispatcher : BackgroundService
{
    private const int DevicesAtOnce = 256;
    private readonly CommandService _service;
    private readonly CommandKicks _kicks;
    private readonly CommandOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<CommandDispatcher> _logger;

    public CommandDispatcher(
        CommandService service, CommandKicks kicks, IDeviceDirectory devices, CommandOptions options, TimeProvider time, ILogger<CommandDispatcher> logger)
    {
        _service = service;
        _kicks = kicks;
        _options = options;
        _time = time;
        _logger = logger;
        devices.Subscribe(change =>
        {
            if (change.Revoked)
            {
                _kicks.Kick(PrincipalId.Parse(change.Device.Id), reopened: false);
            }
        });
        Devices = devices;
    }

    private IDeviceDirectory Devices { get; }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _service.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(AnswerKicksAsync(stoppingToken), ReviewAsync(stoppingToken));

    private Task AnswerKicksAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        _kicks.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = DevicesAtOnce, CancellationToken = stoppingToken },
        async (kick, cancellationToken) => await HandleAsync(kick.Device, kick.Reopened, cancellationToken));

    private async Task ReviewAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_options.ReviewInterval, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (device, _) in _service.Open)
            {
                await HandleAsync(device, reopened: false, stoppingToken);
            }
        }
    }

    private async Task HandleAsync(PrincipalId device, bool reopened, CancellationToken cancellationToken)
    {
        try
        {
            if (Devices.Get(device) is { Status: DeviceStatus.Revoked })
            {
                await _service.ChangeAllAsync(device, CommandRules.Revoke, cancellationToken);
                return;
            }

            await _service.ChangeAllAsync(device, (command, now) => CommandRules.Expire(command, now, _options), cancellationToken);
            await _service.DispatchAsync(device, reopened, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            // The next review tries again.
            Log.Failed(_logger, device, error);
        }
    }
}
