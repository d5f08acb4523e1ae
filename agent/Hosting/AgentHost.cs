using System.Runtime.InteropServices;
using Messaging.Agent.Clock;
using Messaging.Agent.Configuration;
using Messaging.Agent.Hosting.Logging;
using Messaging.Agent.Systemd;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting;

/// <summary>Puts an enrolled agent together and runs it until a signal, or a part of it, ends it.</summary>
internal static class AgentHost
{
    /// <summary>How long ending may take: what the unit's TimeoutStopSec is meant for, with something to spare.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    /// <summary>How long a step of a loop may take when nobody watches.</summary>
    private static readonly TimeSpan DefaultPeriod = TimeSpan.FromSeconds(60);

    /// <summary>Returns the exit code.</summary>
    public static async Task<int> RunAsync(AgentOptions options, AgentState state, IBootClock boot, CancellationToken ct)
    {
        var time = TimeProvider.System;
        var watched = Watchdog.PeriodFromEnvironment();
        using var life = new AgentLife();
        using var canceled = ct.Register(() => life.Stop());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => End(context, life));
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => End(context, life));
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, context => End(context, life));
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(new AgentLoggerFactory(LogOutputs.FromEnvironment(time)))
            .AddSingleton(typeof(ILogger<>), typeof(Logger<>))
            .AddSingleton(life)
            .AddSingleton(new Notifier(new SystemdNotifier()))
            .AddSingleton(new LoopBeats(watched ?? DefaultPeriod, time))
            .AddSingleton<Watchdog>()
            .AddMessagingAgent(options, state, boot)
            .BuildServiceProvider();
        using var watching = new CancellationTokenSource();
        var watch = watched is { } period ? services.GetRequiredService<Watchdog>().RunAsync(period, watching.Token) : Task.CompletedTask;
        var run = services.GetRequiredService<AgentRunner>().RunAsync();
        await Task.WhenAny(run, Task.Delay(Timeout.InfiniteTimeSpan, time, life.Stopping));
        var ended = await Task.WhenAny(run, Task.Delay(StopWithin, time, CancellationToken.None)) == run;
        await watching.CancelAsync();
        await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ended)
        {
            await run;
        }

        return life.ExitCode;
    }

    private static void End(PosixSignalContext context, AgentLife life)
    {
        context.Cancel = true;
        life.Stop();
    }
}
