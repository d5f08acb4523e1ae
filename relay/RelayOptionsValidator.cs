using System.Text;

namespace Messaging.Relay;

/// <summary>Says everything that is wrong with the options, not only the first thing.</summary>
internal static class RelayOptionsValidator
{
    /// <summary>Bytes of a Unix socket's path that Linux has room for, without the closing zero.</summary>
    private const int MaxUnixPathBytes = 107;

    /// <summary>The largest packet that MQTT's four length bytes can announce.</summary>
    private const int MaxMqttPacketBytes = 268_435_455;

    public static IReadOnlyList<string> Validate(RelayOptions options)
    {
        var errors = new List<string>();

        Port(errors, nameof(options.Port), options.Port);
        Port(errors, nameof(options.TlsPort), options.TlsPort);
        if (options.TlsPort is not null && options.Certificate is null)
        {
            errors.Add($"{nameof(options.TlsPort)} needs {nameof(options.Certificate)}.");
        }

        if (options.Certificate is { HasPrivateKey: false })
        {
            errors.Add($"{nameof(options.Certificate)} has no private key.");
        }

        if (options.Port is not null and not 0 && options.Port == options.TlsPort)
        {
            errors.Add($"{nameof(options.Port)} and {nameof(options.TlsPort)} are both {options.Port}.");
        }

        if (options.UnixSocketPath is { } path && (path.Length == 0 || Encoding.UTF8.GetByteCount(path) > MaxUnixPathBytes))
        {
            errors.Add($"{nameof(options.UnixSocketPath)} must have 1 to {MaxUnixPathBytes} bytes: \"{path}\".");
        }

        if (!options.WebSocketPath.StartsWith('/'))
        {
            errors.Add($"{nameof(options.WebSocketPath)} must start with a slash: \"{options.WebSocketPath}\".");
        }

        if (options.ControlKeys.Count == 0)
        {
            errors.Add($"{nameof(options.ControlKeys)} is empty: nobody could give the relay its directory.");
        }

        if (options.ControlKeys.Any(key => key.Length != 32))
        {
            errors.Add($"{nameof(options.ControlKeys)} must be SHA-256 fingerprints of 32 bytes.");
        }

        AtLeast(errors, nameof(options.MaxUnauthenticatedPacketBytes), options.MaxUnauthenticatedPacketBytes, 1024);
        AtLeast(errors, nameof(options.MaxPacketBytes), options.MaxPacketBytes, options.MaxUnauthenticatedPacketBytes);
        if (options.MaxPacketBytes > MaxMqttPacketBytes)
        {
            errors.Add($"{nameof(options.MaxPacketBytes)} must be {MaxMqttPacketBytes} or less: {options.MaxPacketBytes}.");
        }

        AtLeast(errors, nameof(options.PacketsPerSecond), options.PacketsPerSecond, 1);
        AtLeast(errors, nameof(options.PacketBurst), options.PacketBurst, 1);
        AtLeast(errors, nameof(options.BytesPerSecond), options.BytesPerSecond, 1);
        AtLeast(errors, nameof(options.ByteBurst), options.ByteBurst, 1);
        AtLeast(errors, nameof(options.MaxQueuedBytes), options.MaxQueuedBytes, 2 * options.MaxPacketBytes);
        AtLeast(errors, nameof(options.MaxControlQueuedBytes), options.MaxControlQueuedBytes, 4 * options.MaxPacketBytes);
        AtLeast(errors, nameof(options.MaxConnections), options.MaxConnections, 1);
        AtLeast(errors, nameof(options.MaxConnectionsPerAddress), options.MaxConnectionsPerAddress, 1);
        AtLeast(errors, nameof(options.MaxUnauthenticated), options.MaxUnauthenticated, 1);
        AtLeast(errors, nameof(options.MaxUnauthenticatedPerAddress), options.MaxUnauthenticatedPerAddress, 1);
        Positive(errors, nameof(options.ConnectTimeout), options.ConnectTimeout);
        Positive(errors, nameof(options.StallTimeout), options.StallTimeout);
        Positive(errors, nameof(options.BackpressureTimeout), options.BackpressureTimeout);
        Positive(errors, nameof(options.PollIdleTimeout), options.PollIdleTimeout);
        Positive(errors, nameof(options.StatsInterval), options.StatsInterval);
        AtLeast(errors, nameof(options.ReconnectsPerSecond), options.ReconnectsPerSecond, 1);
        if (options.RetryAfter < TimeSpan.FromSeconds(1) || options.RetryAfter > Wire.RetryAfter.Longest)
        {
            errors.Add($"{nameof(options.RetryAfter)} must be 1 to {Wire.RetryAfter.Longest.TotalSeconds:0} seconds: {options.RetryAfter}.");
        }

        if (options.MaxKeepAlive < TimeSpan.FromSeconds(1) || options.MaxKeepAlive > TimeSpan.FromSeconds(ushort.MaxValue))
        {
            errors.Add($"{nameof(options.MaxKeepAlive)} must be 1 to {ushort.MaxValue} seconds: {options.MaxKeepAlive}.");
        }

        return errors;
    }

    private static void Port(List<string> errors, string name, int? port)
    {
        if (port is < 0 or > ushort.MaxValue)
        {
            errors.Add($"{name} must be 0 to {ushort.MaxValue}: {port}.");
        }
    }

    private static void AtLeast(List<string> errors, string name, int value, int least)
    {
        if (value < least)
        {
            errors.Add($"{name} must be {least} or more: {value}.");
        }
    }

    private static void Positive(List<string> errors, string name, TimeSpan value)
    {
        if (value <= TimeSpan.Zero)
        {
            errors.Add($"{name} must be more than zero: {value}.");
        }
    }
}
