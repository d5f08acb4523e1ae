using Messaging.Agent.Configuration;
using Messaging.Agent.Systemd;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Transport.Metering;

/// <summary>
/// Asks NetworkManager whether the link is metered, and follows its signals. Where it does not run, or does not know, the link is taken for one
/// that is not. A thread of its own, as sd-bus wants it.
/// </summary>
internal sealed partial class NetworkManagerWatch(LinkCost cost, AgentOptions options, TimeProvider time, ILogger<NetworkManagerWatch> logger)
{
    private const string Manager = "org.freedesktop.NetworkManager";
    private const string ManagerPath = "/org/freedesktop/NetworkManager";
    private const string Daemon = "org.freedesktop.DBus";
    private const string DaemonPath = "/org/freedesktop/DBus";
    private const string Properties = "org.freedesktop.DBus.Properties";
    private const string OwnerChanged = $"type='signal',sender='{Daemon}',interface='{Daemon}',member='NameOwnerChanged',arg0='{Manager}'";
    private const string PropertyChanged = $"type='signal',sender='{Manager}',path='{ManagerPath}',interface='{Properties}',member='PropertiesChanged'";
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long the end of the agent may go unnoticed.</summary>
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(500);

    /// <summary>Without a bus: one may come.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(5);
    private string? _problem;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (true)
        {
            await Task.Factory.StartNew(() => Watch(ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await Task.Delay(RetryInterval, time, ct);
        }
    }

    /// <summary>NM_METERED_YES and NM_METERED_GUESS_YES.</summary>
    internal static bool IsMetered(uint value) => value is 1 or 3;

    private void Watch(CancellationToken ct)
    {
        try
        {
            using var bus = Bus.Open(options.Systemd.BusAddress);
            foreach (var rule in new[] { OwnerChanged, PropertyChanged })
            {
                using var match = bus.NewCall(Daemon, DaemonPath, Daemon, "AddMatch").Append(rule);
                bus.Call(match, CallTimeout).Dispose();
            }

            _problem = null;
            Ask(bus);
            while (!ct.IsCancellationRequested)
            {
                using var message = bus.Receive(WaitStep);
                if (message is not null && (message.IsSignal(Daemon, "NameOwnerChanged") || message.IsSignal(Properties, "PropertiesChanged")))
                {
                    Ask(bus);
                }
            }
        }
        catch (Exception e) when (e is SystemdException or SystemdUnavailableException)
        {
            cost.Set(false, $"unknown: {e.Message}");
            if (_problem != e.Message)
            {
                Log.Unknown(logger, e.Message);
            }

            _problem = e.Message;
        }
    }

    private void Ask(Bus bus)
    {
        // Asked directly, a NetworkManager that is installed and does not run would be started.
        if (!IsRunning(bus))
        {
            cost.Set(false, "unknown: NetworkManager does not run");
            return;
        }

        try
        {
            using var call = bus.NewCall(Manager, ManagerPath, Properties, "Get").Append(Manager).Append("Metered");
            using var reply = bus.Call(call, CallTimeout);
            var value = reply.TryEnter('v', "u") ? reply.ReadUInt32() : 0;
            var isMetered = IsMetered(value);
            if (isMetered != cost.IsMetered)
            {
                Log.Changed(logger, isMetered ? "metered" : "not metered");
            }

            cost.Set(isMetered, value == 0 ? "NetworkManager does not know" : "NetworkManager");
        }
        catch (SystemdUnavailableException)
        {
            // It went away in between; its coming back is a signal.
            cost.Set(false, "unknown: NetworkManager does not run");
        }
        catch (SystemdException e)
        {
            // An old one without the property, or one that may not be asked.
            cost.Set(false, $"unknown: {e.Message}");
        }
    }

    private static bool IsRunning(Bus bus)
    {
        using var call = bus.NewCall(Daemon, DaemonPath, Daemon, "NameHasOwner").Append(Manager);
        using var reply = bus.Call(call, CallTimeout);
        return reply.ReadBoolean();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 3152, Level = LogLevel.Information, Message = "The link is {Cost} now, says NetworkManager")]
        public static partial void Changed(ILogger logger, string cost);

        [LoggerMessage(EventId = 3153, Level = LogLevel.Information, Message = "Whether the link is metered is not known: {Reason}")]
        public static partial void Unknown(ILogger logger, string reason);
    }
}
