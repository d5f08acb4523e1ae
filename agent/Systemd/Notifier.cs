using System.Net.Sockets;
using Microsoft.Extensions.Hosting.Systemd;

namespace Messaging.Agent.Systemd;

/// <summary>Tells the service manager how it goes: sd_notify(3). Does nothing where there is none.</summary>
internal sealed class Notifier(ISystemdNotifier manager)
{
    /// <summary>The agent is up.</summary>
    public void Ready(string status) => Send("READY=1\nSTATUS=" + OneLine(status));

    /// <summary>One line that "systemctl status" shows.</summary>
    public void Status(string status) => Send("STATUS=" + OneLine(status));

    /// <summary>It ends, in order.</summary>
    public void Stopping() => Send("STOPPING=1\nSTATUS=Stopping");

    /// <summary>It works: see WatchdogSec in systemd.service(5).</summary>
    public void Alive() => Send("WATCHDOG=1");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private void Send(string message)
    {
        try
        {
            manager.Notify(new ServiceState(message));
        }
        catch (SocketException)
        {
            // The manager is being executed anew; what it misses now it is told again soon, or it starts us again.
        }
    }
}
