using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Messaging.Bench.Brokers;

/// <summary>An MQTT broker on a port of loopback, whose processor time and memory the kernel tells.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly string _folder;

    private BrokerProcess(string name, Process process, string folder, int port) => (Name, _process, _folder, Port) = (name, process, folder, port);

    public string Name { get; }

    public int Port { get; }

    /// <summary>Seconds of processor time so far (proc(5), /proc/PID/stat).</summary>
    public double CpuSeconds
    {
        get
        {
            var stat = File.ReadAllText($"/proc/{_process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;
        }
    }

    private static string Server => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fleet-server.path")).Trim();

    /// <summary>Bytes resident.</summary>
    public long Resident => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;

    /// <summary>
    /// Starts a broker: ours, mosquitto or nats, with MQTT on the port; or channels, or NATS JetStream as it is or synced for each message. Null: it is not installed.
    /// </summary>
    public static async Task<BrokerProcess?> StartAsync(string name, int port)
    {
        var folder = Directory.CreateTempSubdirectory("messaging-bench-").FullName;
        var (program, arguments) = name switch
        {
            "ours" => (Server, new[] { "--roles", "relay", "--data", folder, "--mqtt-port", Text(port), "--allow-anonymous" }),
            "channels" => (Server, new[] { "--roles", "relay", "--data", folder, "--listen", "127.0.0.1", "--tls", "off", "--port", Text(port), "--mqtt-port", Text(port + 1), "--control-key", new string('0', 64) }),
            "jetstream" or "jetstream-synced" => ("/usr/sbin/nats-server", new[] { "-c", await WriteAsync(folder, $"server_name: bench\nlisten: 127.0.0.1:{port}\njetstream {{ store_dir: \"{folder}\"{(name == "jetstream" ? "" : ", sync_interval: always")} }}\n") }),
            "mosquitto" => ("/usr/sbin/mosquitto", new[] { "-c", await WriteAsync(folder, $"listener {port} 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 1000\nmax_queued_messages 100000\n") }),
            "nats" => ("/usr/sbin/nats-server", new[] { "-c", await WriteAsync(folder, $"server_name: bench\nlisten: 127.0.0.1:{port + 1}\njetstream {{ store_dir: \"{folder}\" }}\nmqtt {{ listen: \"127.0.0.1:{port}\", max_ack_pending: 1000 }}\n") }),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, "ours, mosquitto, nats, channels, jetstream or jetstream-synced"),
        };
        if (!File.Exists(program))
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }

        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var broker = new BrokerProcess(name, process, folder, port);
        await broker.ReadyAsync();
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<string> WriteAsync(string folder, string text)
    {
        var path = Path.Combine(folder, "broker.conf");
        await File.WriteAllTextAsync(path, text);
        return path;
    }

    private async Task ReadyAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (Name is "ours" or "mosquitto" or "nats")
                {
                    using var client = await MqttLoadClient.ConnectAsync(Port, "ready");
                }
                else
                {
                    using var probe = new TcpClient();
                    await probe.ConnectAsync(System.Net.IPAddress.Loopback, Port);
                }

                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }
}
