using System.Globalization;
using System.Net.Sockets;
using Messaging.Agent.Local;

namespace Messaging.Agent.Hosting;

/// <summary>What systemd hands to a helper that it starts for a socket (sd_listen_fds(3)), and who may use it.</summary>
internal static class SocketActivation
{
    /// <summary>The user that the agent runs as.</summary>
    public const string AgentUser = "messaging-agent";
    private const uint Root = 0;

    /// <summary>SD_LISTEN_FDS_START.</summary>
    private const int FirstDescriptor = 3;

    /// <summary>One socket, meant for this process: a connection or what connections come to, as the unit says. Null without systemd.</summary>
    public static Socket? Take() =>
        Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        && Environment.GetEnvironmentVariable("LISTEN_FDS") == "1"
            ? new Socket(new SafeSocketHandle(FirstDescriptor, ownsHandle: true))
            : null;

    /// <summary>Root, and the agent's user where there is one.</summary>
    public static uint[] Users(string agentUser) => AccountIds.OfUser(agentUser) is { } agent ? [Root, agent] : [Root];
}
