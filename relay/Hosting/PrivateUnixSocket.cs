using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Messaging.Relay.Hosting;

/// <summary>A Unix socket that only its owner can connect to, from its first moment on.</summary>
internal static class PrivateUnixSocket
{
    /// <summary>Sets the mode between bind, which creates the file, and listen, before which nobody can connect.</summary>
    public static void Install(SocketTransportOptions options, string path)
    {
        var bind = options.CreateBoundListenSocket;
        options.CreateBoundListenSocket = endPoint =>
        {
            if (endPoint is not UnixDomainSocketEndPoint unix || !string.Equals(unix.ToString(), path, StringComparison.Ordinal))
            {
                return bind(endPoint);
            }

            RemoveLeftOver(path);
            var socket = bind(endPoint);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return socket;
        };
    }

    /// <summary>A process that was killed leaves its socket file behind; one that runs answers on it and keeps it.</summary>
    private static void RemoveLeftOver(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        if (new FileInfo(path).Length > 0)
        {
            throw new IOException($"{path} is a file with content, not a socket.");
        }

        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException($"Another process listens on {path}.");
    }
}
