using System.Diagnostics;
using System.Globalization;

namespace Messaging.Bench.Brokers;

/// <summary>How each broker is started.</summary>
internal static class BrokerCommand
{
    /// <summary>The built server, or another one: MESSAGING_BENCH_SERVER is the path of a published one.</summary>
    private static string Server => Environment.GetEnvironmentVariable("MESSAGING_BENCH_SERVER") ?? File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fleet-server.path")).Trim();

    /// <param name="name">Which one.</param>
    /// <param name="address">Its port; it may also take the next one, and with a password it has that user.</param>
    /// <param name="folder">Where it may write.</param>
    public static async Task<(string Program, string[] Arguments, Dictionary<string, string> Environment)> OfAsync(string name, BrokerAddress address, string folder)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var (text, next) = (address.Port.ToString(CultureInfo.InvariantCulture), (address.Port + 1).ToString(CultureInfo.InvariantCulture));
        var (certificate, key) = address.IsTls && name != "ours" ? await BenchCertificate.WriteAsync(folder) : ("", "");
        switch (name)
        {
            case "ours" when address.IsTls:
                await AddUserAsync(address, folder);
                return (Server, ["--roles", "relay", "--data", folder, "--listen", "127.0.0.1", "--port", next, "--mqtt-port", text, "--control-key", new string('0', 64)], environment);
            case "ours":
                return (Server, ["--roles", "relay", "--data", folder, "--mqtt-port", text, "--allow-anonymous"], environment);
            case "channels":
                return (Server, ["--roles", "relay", "--data", folder, "--listen", "127.0.0.1", "--tls", "off", "--port", text, "--mqtt-port", next, "--control-key", new string('0', 64)], environment);
            case "jetstream":
                return Nats(await WriteAsync(folder, "nats.conf", $"server_name: bench\nlisten: 127.0.0.1:{text}\njetstream {{ store_dir: \"{folder}\" }}\n"));
            case "nats":
                var natsTls = address.IsTls ? $", tls {{ cert_file: \"{certificate}\", key_file: \"{key}\" }}" : "";
                return Nats(await WriteAsync(
                    folder,
                    "nats.conf",
                    $"server_name: bench\nlisten: 127.0.0.1:{next}\njetstream {{ store_dir: \"{folder}\" }}\nmqtt {{ listen: \"127.0.0.1:{text}\", max_ack_pending: 1000{natsTls} }}\n"));
            case "mosquitto":
                var mosquittoTls = address.IsTls ? $"user root\ncertfile {certificate}\nkeyfile {key}\n" : "";
                var settings = $"listener {text} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 1000\nmax_queued_messages 100000\n{mosquittoTls}";
                return ("/usr/sbin/mosquitto", ["-c", await WriteAsync(folder, "mosquitto.conf", settings)], environment);
            case "rabbitmq":
                var listener = address.IsTls
                    ? $"mqtt.listeners.tcp = none\nmqtt.listeners.ssl.1 = 127.0.0.1:{text}\nssl_options.certfile = {certificate}\nssl_options.keyfile = {key}\nssl_options.cacertfile = {certificate}\n"
                    : $"mqtt.listeners.tcp.1 = 127.0.0.1:{text}\n";
                await RabbitAsync(environment, text, next, folder, listener);
                return ("/usr/lib/rabbitmq/bin/rabbitmq-server", [], environment);
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "ours, mosquitto, nats, rabbitmq, channels or jetstream");
        }

        (string Program, string[] Arguments, Dictionary<string, string> Environment) Nats(string file) => ("/usr/sbin/nats-server", ["-c", file], environment);
    }

    /// <summary>Beyond the listener for this machine's programs nobody comes in without a name.</summary>
    private static async Task AddUserAsync(BrokerAddress address, string folder)
    {
        var start = new ProcessStartInfo(Server, ["mqtt-user", "add", address.User, "--data", folder, "--topic", "#", "--password-stdin"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(address.Password);
        process.StandardInput.Close();
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException("The user of MQTT could not be added.");
        }
    }

    /// <summary>A node of its own with nothing but MQTT; without the daemon that it would leave behind.</summary>
    private static async Task RabbitAsync(Dictionary<string, string> environment, string port, string next, string folder, string listener)
    {
        environment["HOME"] = folder;
        environment["RABBITMQ_NODENAME"] = $"bench{port}@localhost";
        environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia");
        environment["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log");
        environment["RABBITMQ_DIST_PORT"] = next;
        environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = $"-start_epmd false -erl_epmd_port {next}";
        environment["RABBITMQ_CONF_ENV_FILE"] = Path.Combine(folder, "none.conf");
        environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = await WriteAsync(folder, "enabled_plugins", "[rabbitmq_mqtt].\n");
        environment["RABBITMQ_CONFIG_FILE"] = await WriteAsync(
            folder,
            "rabbitmq.conf",
            $"listeners.tcp = none\n{listener}mqtt.allow_anonymous = true\nmqtt.prefetch = 1000\nloopback_users = none\nlog.file.level = error\n");
    }

    private static async Task<string> WriteAsync(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
