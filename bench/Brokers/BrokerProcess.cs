using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Messaging.Bench.Brokers;

/// <summary>An MQTT broker on a port of loopback, whose processor time and memory the kernel tells.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly string _folder;

    private BrokerProcess(string name, Process process, string folder, BrokerAddress address) => (Name, _process, _folder, Address) = (name, process, folder, address);

    public string Name { get; }

    public BrokerAddress Address { get; }

    /// <summary>Seconds of processor time so far, with those of the processes that it started (proc(5), /proc/PID/stat).</summary>
    public double CpuSeconds => Tree().Sum(static fields => long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / 100.0;

    /// <summary>Bytes resident.</summary>
    public long Resident => Tree().Sum(static fields => long.Parse(fields[21], CultureInfo.InvariantCulture)) * Environment.SystemPageSize;

    /// <summary>
    /// Starts a broker: ours, mosquitto, nats or rabbitmq, with MQTT on the port; or channels, or NATS JetStream. Null: it is not installed.
    /// </summary>
    /// <param name="name">Which one.</param>
    /// <param name="port">Its port; it may also take the next one.</param>
    /// <param name="isTls">MQTT over TLS; with ours, on the listener of the devices, as a user.</param>
    public static async Task<BrokerProcess?> StartAsync(string name, int port, bool isTls = false)
    {
        var address = isTls && name == "ours" ? new BrokerAddress(port, isTls, "bench", RandomNumberGenerator.GetHexString(32)) : new BrokerAddress(port, isTls);
        var folder = Directory.CreateTempSubdirectory("messaging-bench-").FullName;
        var (program, arguments, environment) = await BrokerCommand.OfAsync(name, address, folder);
        if (!File.Exists(program))
        {
            Directory.Delete(folder, recursive: true);
            return null;
        }

        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var broker = new BrokerProcess(name, process, folder, address);
        await broker.ReadyAsync();
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string[]? TryStat(string folder)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            // It has just ended.
            return null;
        }
    }

    /// <summary>The fields after the name, of the process and of all that descend from it.</summary>
    private List<string[]> Tree()
    {
        var all = new Dictionary<int, string[]>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out var id) && TryStat(folder) is { } fields)
            {
                all.Add(id, fields);
            }
        }

        return [.. all.Where(pair => IsOurs(pair.Key)).Select(static pair => pair.Value)];

        bool IsOurs(int id) => id == _process.Id || (all.TryGetValue(id, out var fields) && int.Parse(fields[1], CultureInfo.InvariantCulture) is > 1 and var parent && IsOurs(parent));
    }

    private async Task ReadyAsync()
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (Name is "ours" or "mosquitto" or "nats" or "rabbitmq")
                {
                    using var client = await MqttLoadClient.ConnectAsync(Address, "ready");
                }
                else
                {
                    using var probe = new TcpClient();
                    await probe.ConnectAsync(System.Net.IPAddress.Loopback, Address.Port);
                }

                return;
            }
            catch (Exception exception) when (exception is SocketException or IOException && !_process.HasExited && TimeProvider.System.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }
}
