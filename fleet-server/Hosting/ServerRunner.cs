using System.Net;
using System.Security.Cryptography;
using Messaging.FleetServer.ControlPlane;
using Messaging.FleetServer.Hosting.Tls;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Trust;
using Messaging.Relay;

namespace Messaging.FleetServer.Hosting;

/// <summary>Runs one server process from the options as they were given to its end.</summary>
internal static class ServerRunner
{
    public static async Task<int> RunAsync(IReadOnlyDictionary<string, string> commandLine)
    {
        var (options, errors) = OptionsReader.Read(commandLine, Environment.GetEnvironmentVariables());
        if (errors.Count > 0)
        {
            foreach (var error in errors)
            {
                await Console.Error.WriteLineAsync($"fleet-server: {error}");
            }

            await Console.Error.WriteLineAsync("Nothing was started. fleet-server --help lists what there is.");
            return CommandLine.WrongOptions;
        }

        return await RunAsync(options, configure: null);
    }

    /// <param name="options">Valid options.</param>
    /// <param name="configure">More services for this process.</param>
    public static async Task<int> RunAsync(FleetServerOptions options, Action<WebApplicationBuilder>? configure)
    {
        try
        {
            PrivateFiles.Always();
            DurableFile.CreatePrivateDirectory(options.DataFolder);
            using var instance = InstanceLock.TryTake(options.DataFolder);
            if (instance is null)
            {
                return await FailAsync($"Another fleet server runs on {options.DataFolder}.");
            }

            RequireKeysOfKnownFleet(options);
            options = ResolvePorts(options);
            using var certificate = options.Tls ? ServerCertificate.Load(options, TimeProvider.System) : null;
            using var keys = options.Has(FleetRoles.Control) ? OpenKeys(options.PathOf(ControlSettings.KeysFolder)) : null;
            await using var app = FleetServerApplication.Build(options, certificate, keys, configure);
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (Explanation(e) is { } reason)
        {
            return await FailAsync(reason);
        }
    }

    /// <summary>The fleet begins here, before anything else is made that says that there is one.</summary>
    private static FleetKeys OpenKeys(string folder)
    {
        var keys = FleetKeys.Open(folder);
        new TrustService(keys, folder, TimeProvider.System).Dispose();
        return keys;
    }

    /// <exception cref="InvalidDataException">There are devices, and the keys that they trust are gone: new ones would be another fleet's.</exception>
    public static void RequireKeysOfKnownFleet(FleetServerOptions options)
    {
        var keys = options.PathOf(ControlSettings.KeysFolder);
        if (options.Has(FleetRoles.Control) && File.Exists(options.PathOf(StorageServices.RegistryFile)) && !FleetKeys.AreIn(keys))
        {
            throw new InvalidDataException($"{keys} has no keys, and there is a registry: restore the keys from a backup. Without them the enrolled devices are lost.");
        }
    }

    public static FleetServerOptions ResolvePorts(FleetServerOptions options)
    {
        var port = options.Port ?? (options.Has(FleetRoles.Control) ? FleetServerDefaults.HttpsPort : null);
        return options with
        {
            Port = port == 0 ? PortPicker.Free(options.ListenAddress) : port,
            MqttPort = options.MqttPort == 0 ? PortPicker.Free(options.ListenAddress) : options.MqttPort,
            MetricsPort = options.MetricsPort == 0 ? PortPicker.Free(IPAddress.Loopback) : options.MetricsPort,
        };
    }

    /// <summary>One line for what an administrator can do something about; null for what is a fault of the program.</summary>
    private static string? Explanation(Exception e) => e switch
    {
        RelayOptionsException relay => string.Join(' ', relay.Errors),
        InvalidDataException or UnauthorizedAccessException => e.Message,
        CryptographicException => $"The TLS certificate or its key cannot be read: {e.Message}",
        IOException => e.Message,
        _ => null,
    };

    private static async Task<int> FailAsync(string reason)
    {
        await Console.Error.WriteLineAsync($"fleet-server: {reason}");
        return 1;
    }
}
