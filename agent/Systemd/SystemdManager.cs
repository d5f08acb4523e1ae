using Messaging.Agent.Configuration;

namespace Messaging.Agent.Systemd;

/// <summary>
/// systemd's manager through libsystemd. Every operation has a connection and a thread of its own: sd-bus objects belong to one
/// thread, and there is little to gain from keeping one for a call in half a minute.
/// </summary>
internal sealed class SystemdManager(AgentOptions options, TimeProvider time) : ISystemd
{
    private const string Destination = "org.freedesktop.systemd1";
    private const string ManagerPath = "/org/freedesktop/systemd1";
    private const string ManagerInterface = "org.freedesktop.systemd1.Manager";
    private const string JobRemoved =
        "type='signal',sender='org.freedesktop.systemd1',path='/org/freedesktop/systemd1',interface='org.freedesktop.systemd1.Manager',member='JobRemoved'";

    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long cancellation may go unnoticed.</summary>
    private static readonly TimeSpan WaitStep = TimeSpan.FromMilliseconds(250);

    public Task<IReadOnlyList<UnitState>> ListUnitsAsync(CancellationToken ct) => OnThread(ListUnits, ct);

    public Task<string> RestartUnitAsync(string unit, TimeSpan deadline, CancellationToken ct) => OnThread(bus => RestartUnit(bus, unit, deadline, ct), ct);

    public Task<IReadOnlyList<string>> ListRebootBlockersAsync(CancellationToken ct) => OnThread(ListRebootBlockers, ct);

    public Task RebootAsync(CancellationToken ct) => OnThread(
        bus =>
        {
            Reboot(bus);
            return true;
        },
        ct);

    private static IReadOnlyList<UnitState> ListUnits(Bus bus)
    {
        using var call = bus.NewCall(Destination, ManagerPath, ManagerInterface, "ListUnits");
        using var reply = bus.Call(call, CallTimeout);
        var units = new List<UnitState>();
        if (!reply.TryEnter('a', "(ssssssouso)"))
        {
            return units;
        }

        // name, description, load, active, sub, followed, path, job id, job type, job path
        while (reply.TryEnter('r', "ssssssouso"))
        {
            var name = reply.ReadText();
            reply.Skip("s");
            units.Add(new(name, reply.ReadText(), reply.ReadText(), reply.ReadText()));
            reply.Skip("souso");
            reply.Exit();
        }

        return units;
    }

    private static IReadOnlyList<string> ListRebootBlockers(Bus bus)
    {
        var blockers = new List<string>();
        try
        {
            using var call = bus.NewCall("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "ListInhibitors");
            using var reply = bus.Call(call, CallTimeout);
            if (!reply.TryEnter('a', "(ssssuu)"))
            {
                return blockers;
            }

            // what, who, why, mode, user, process
            while (reply.TryEnter('r', "ssssuu"))
            {
                var (what, who, why, mode) = (reply.ReadText(), reply.ReadText(), reply.ReadText(), reply.ReadText());
                reply.Skip("uu");
                reply.Exit();
                if (mode == "block" && what.Split(':').Contains("shutdown"))
                {
                    blockers.Add($"{who}: {why}");
                }
            }
        }
        catch (SystemdUnavailableException)
        {
            // Without logind nobody can.
        }

        return blockers;
    }

    private string RestartUnit(Bus bus, string unit, TimeSpan deadline, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        using (var match = bus.NewCall("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "AddMatch").Append(JobRemoved))
        {
            bus.Call(match, CallTimeout).Dispose();
        }

        // Without a subscriber the manager sends no signals.
        using (var subscribe = bus.NewCall(Destination, ManagerPath, ManagerInterface, "Subscribe"))
        {
            bus.Call(subscribe, CallTimeout).Dispose();
        }

        string job;
        using (var restart = bus.NewCall(Destination, ManagerPath, ManagerInterface, "RestartUnit").Append(unit).Append("replace"))
        using (var reply = bus.Call(restart, CallTimeout))
        {
            job = reply.ReadText('o');
        }

        while (time.GetElapsedTime(began) < deadline)
        {
            ct.ThrowIfCancellationRequested();
            using var message = bus.Receive(WaitStep);
            if (message?.IsSignal(ManagerInterface, "JobRemoved") == true && ResultOf(message, job) is { } result)
            {
                return result;
            }
        }

        throw new TimeoutException($"systemd has not restarted {unit} within {OptionText.Write(deadline)}; it goes on trying");
    }

    /// <summary>Null when the signal is about another job.</summary>
    private static string? ResultOf(BusMessage signal, string job)
    {
        signal.Skip("u");
        var path = signal.ReadText('o');
        signal.Skip("s");
        return path == job ? signal.ReadText() : null;
    }

    /// <summary>
    /// As systemctl does it: by logind, which respects what inhibits a shutdown, else by the target. The manager's own Reboot would
    /// not stop services.
    /// </summary>
    private static void Reboot(Bus bus)
    {
        try
        {
            using var call = bus.NewCall("org.freedesktop.login1", "/org/freedesktop/login1", "org.freedesktop.login1.Manager", "Reboot").Append(false);
            bus.Call(call, CallTimeout).Dispose();
        }
        catch (SystemdUnavailableException)
        {
            using var start = bus.NewCall(Destination, ManagerPath, ManagerInterface, "StartUnit").Append("reboot.target").Append("replace-irreversibly");
            bus.Call(start, CallTimeout).Dispose();
        }
    }

    private Task<T> OnThread<T>(Func<Bus, T> work, CancellationToken ct) => Task.Factory.StartNew(
        () =>
        {
            using var bus = Bus.Open(options.Systemd.BusAddress);
            return work(bus);
        },
        ct,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
