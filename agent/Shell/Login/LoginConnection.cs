using System.Net.Sockets;

namespace Messaging.Agent.Shell.Login;

/// <summary>A shell that the helper has opened: frames go both ways until one end closes.</summary>
/// <param name="socket">Connected; disposed with this.</param>
internal sealed class LoginConnection(Socket socket) : IDisposable
{
    public NetworkStream Stream { get; } = new(socket, ownsSocket: true);

    /// <summary>The helper hangs the shell up.</summary>
    public void Dispose() => Stream.Dispose();
}
