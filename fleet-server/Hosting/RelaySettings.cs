using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Messaging.FleetServer.Trust;
using Messaging.Relay;
using Messaging.Relay.Users;

namespace Messaging.FleetServer.Hosting;

/// <summary>What the server's options mean for the relay in this process.</summary>
internal static class RelaySettings
{
    /// <summary>Bytes of a Unix socket's path that Linux has room for, without the closing zero.</summary>
    private const int MaxSocketPath = 107;

    public static RelayOptions Of(FleetServerOptions options, X509Certificate2? certificate, FleetKeys? keys) => new()
    {
        Port = options.Tls ? null : options.MqttPort,
        TlsPort = options.Tls ? options.MqttPort : null,
        TlsAddress = options.ListenAddress,
        Certificate = certificate,
        MqttUsersFile = options.MqttUsers ? options.PathOf(MqttUserFile.Name) : null,
        UnixSocketPath = options.HasEmbeddedRelay ? SocketPath(options) : null,
        ControlKeys = keys is null ? [.. options.ControlKeys.Select(Convert.FromHexString)] : [keys.Server.Public.Fingerprint.ToArray()],
    };

    /// <summary>
    /// DATA/relay.sock. Where that is too long for a socket: a folder of our own (0700) under the folder for temporary files, named
    /// after the data folder.
    /// </summary>
    public static string SocketPath(FleetServerOptions options)
    {
        var path = options.PathOf("relay.sock");
        if (Encoding.UTF8.GetByteCount(path) <= MaxSocketPath)
        {
            return path;
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(options.DataFolder))).AsSpan(0, 8));
        var folder = Path.Combine(Path.GetTempPath(), $"fleet-server-{Environment.UserName}-{name}");
        Storage.DurableFile.CreatePrivateDirectory(folder);
        return Path.Combine(folder, "relay.sock");
    }
}
