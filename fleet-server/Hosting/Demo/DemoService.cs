using Messaging.FleetServer.Access;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Events;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>Brings the demo up once the server serves: token, device, agent, first points, ready.json.</summary>
internal sealed class DemoService(
    DemoSettings settings,
    DemoAgent agent,
    ApiTokens tokens,
    Authenticator authenticator,
    IDeviceRegistry registry,
    IFleetEvents events,
    FleetServerOptions options,
    ServerAddresses addresses,
    Announcer announcer,
    TimeProvider time,
    IHostApplicationLifetime lifetime) : BackgroundService
{
    private const string TokenName = "demo";
    private static readonly TimeSpan Impatience = TimeSpan.FromSeconds(30);

    /// <summary>Whether the demo ended because it could not go on.</summary>
    public bool Failed { get; private set; }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        try
        {
            await lifetime.ApplicationStarted.WaitAsync(end.Token);
            await BringUpAsync(end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            File.Delete(settings.Folder.Ready);
        }
        catch (DemoException e)
        {
            Failed = true;
            announcer.Say($"fleet-server demo: {e.Message}");
            lifetime.StopApplication();
        }
    }

    private async Task BringUpAsync(CancellationToken cancellationToken)
    {
        var folder = settings.Folder;
        var state = settings.Before with { Port = options.Port, MqttPort = options.MqttPort, ApiToken = await TokenAsync(cancellationToken) };
        DemoJson.Save(folder.State, state);
        state = state with { DeviceId = await agent.EnsureEnrolledAsync(state.DeviceId, cancellationToken) };
        DemoJson.Save(folder.State, state);

        var ready = FirstPointsAsync(state.DeviceId!, cancellationToken);
        announcer.Say($"Starting the agent, device {state.DeviceId} ...");
        var running = agent.RunAsync(cancellationToken);
        while (await Task.WhenAny(ready, running, Task.Delay(Impatience, time, cancellationToken)) is var first && !ready.IsCompleted)
        {
            if (first == running)
            {
                break;
            }

            cancellationToken.ThrowIfCancellationRequested();
            announcer.Say($"Still waiting for the first measurements; see {folder.AgentLog}.");
        }

        if (!running.IsCompleted)
        {
            await ready;
            DemoJson.Save(folder.Ready, new DemoReady(addresses.Url, options.MqttPort, state.ApiToken!, state.DeviceId!, Environment.ProcessId));
            announcer.Say(
                $"""
                The device is online and measures.

                  Dashboard   {addresses.Url}
                  API         {addresses.Url}/scalar
                  Log         echo hello >> {folder.Log}
                  Script      {folder.Ready} has an API token; for example:
                              curl -H "Authorization: Bearer $(jq -r .apiToken {folder.Ready})" {addresses.Url}/api/v1/devices

                Press Ctrl+C to end everything.{(settings.Temporary ? " The data goes with it; --data DIR keeps it." : "")}
                """);
        }

        await running;
    }

    /// <summary>The token of the demo before, while it is good; else a new one in its place.</summary>
    private async Task<string> TokenAsync(CancellationToken cancellationToken)
    {
        if (settings.Before.ApiToken is { } before && await authenticator.IsTokenAsync(before, cancellationToken))
        {
            return before;
        }

        foreach (var old in (await tokens.ListAsync(cancellationToken)).Where(static token => token is { Name: TokenName, CreatedBy: TokenName }))
        {
            await tokens.DeleteAsync(old.Id, cancellationToken);
        }

        return (await tokens.CreateAsync(TokenName, OperatorRole.Owner, lifetime: null, TokenName, cancellationToken)).Text;
    }

    /// <summary>Done when the device is online and a measurement of it arrived since the call.</summary>
    private async Task FirstPointsAsync(string deviceId, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var points = false;
        using var subscription = events.Subscribe(fleetEvent =>
        {
            if (fleetEvent.DeviceId != deviceId)
            {
                return;
            }

            points |= fleetEvent is PointsStored stored && stored.Series.Any(static series => series.Name == "system.cpu.utilization");
            if (points && registry.Find(deviceId) is { Online: true })
            {
                done.TrySetResult();
            }
        });
        await done.Task.WaitAsync(cancellationToken);
    }
}
