using System.Globalization;

namespace Messaging.Bench.Brokers;

/// <summary>How each broker is started.</summary>
internal static class BrokerCommand
{
    /// <summary>The built server, or another one: MESSAGING_BENCH_SERVER is the path of a published one.</summary>
    private static string Server => Environment.GetEnvironmentVariable("MESSAGING_BENCH_SERVER") ?? File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fleet-server.path")).Trim();

    /// <param name="name">Which one.</param>
    /// <param name="port">Its port; it may also take the next one.</param>
    /// <param name="folder">Where it may write.</param>
    public static async Task<(string Program, string[] Arguments, Dictionary<string, string> Environment)> OfAsync(string name, int port, string folder)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var (text, next) = (port.ToString(CultureInfo.InvariantCulture), (port + 1).ToString(CultureInfo.InvariantCulture));
        switch (name)
        {
            case "ours":
                return (Server, ["--roles", "relay", "--data", folder, "--mqtt-port", text, "--allow-anonymous"], environment);
            case "channels":
                return (Server, ["--roles", "relay", "--data", folder, "--listen", "127.0.0.1", "--tls", "off", "--port", text, "--mqtt-port", next, "--control-key", new string('0', 64)], environment);
            case "jetstream":
                return Nats(await WriteAsync(folder, "nats.conf", $"server_name: bench\nlisten: 127.0.0.1:{text}\njetstream {{ store_dir: \"{folder}\" }}\n"));
            case "nats":
                return Nats(await WriteAsync(
                    folder,
                    "nats.conf",
                    $"server_name: bench\nlisten: 127.0.0.1:{next}\njetstream {{ store_dir: \"{folder}\" }}\nmqtt {{ listen: \"127.0.0.1:{text}\", max_ack_pending: 1000 }}\n"));
            case "mosquitto":
                var settings = $"listener {text} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 1000\nmax_queued_messages 100000\n";
                return ("/usr/sbin/mosquitto", ["-c", await WriteAsync(folder, "mosquitto.conf", settings)], environment);
            case "rabbitmq":
                await RabbitAsync(environment, text, next, folder);
                return ("/usr/lib/rabbitmq/bin/rabbitmq-server", [], environment);
            default:
                throw new ArgumentOutOfRangeException(nameof(name), name, "ours, mosquitto, nats, rabbitmq, channels or jetstream");
        }

        (string Program, string[] Arguments, Dictionary<string, string> Environment) Nats(string file) => ("/usr/sbin/nats-server", ["-c", file], environment);
    }

    /// <summary>A node of its own with nothing but MQTT; without the daemon that it would leave behind.</summary>
    private static async Task RabbitAsync(Dictionary<string, string> environment, string port, string next, string folder)
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
            $"listeners.tcp = none\nmqtt.listeners.tcp.1 = 127.0.0.1:{port}\nmqtt.allow_anonymous = true\nmqtt.prefetch = 1000\nloopback_users = none\nlog.file.level = error\n");
    }

    private static async Task<string> WriteAsync(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        await File.WriteAllTextAsync(path, text);
        return path;
    }
}
