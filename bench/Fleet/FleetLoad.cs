using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Messaging.Enrolment;

namespace Messaging.Bench.Fleet;

/// <summary>
/// A fleet of simulated devices against a real server process on loopback: what a connection and a stored point cost the server, in CPU
/// time of its process, memory and disk.
/// </summary>
internal static class FleetLoad
{
    private const int AtOnce = 16;

    /// <summary>As many as one address may enrol in a burst.</summary>
    private const int DevicesPerAddress = 50;

    public static async Task RunAsync(FleetOptions options)
    {
        await using var server = await ServerProcess.StartAsync();
        if (!EnrolmentToken.TryParse(await server.CreateTokenAsync(), out var token))
        {
            throw new InvalidDataException("What the server made is not an enrolment token.");
        }

        var devices = Enumerable.Range(0, options.Devices).Select(static _ => new SimulatedDevice()).ToArray();
        Console.WriteLine("| step | unit | units | seconds | server CPU | CPU per unit | resident |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        await MeasureAsync(server, "enrol", "device", devices.Length, () => EnrolAsync(devices, token));
        await MeasureAsync(server, "connect and open an epoch", "device", devices.Length, () => EachAsync(devices, device => device.ConnectAsync(server.MqttPort)));
        var points = (long)devices.Length * options.Records * options.Points;
        var before = server.TelemetryBytes;
        await MeasureAsync(server, $"send, store and acknowledge {options.Points} points a record", "record", (long)devices.Length * options.Records, () =>
            Task.WhenAll(devices.Select(device => Task.Run(() => device.SendAsync(options.Records, options.Points)))));
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{points} points: {devices.Sum(static device => device.SentBytes) / (double)points:F2} B a point in frames, {(server.TelemetryBytes - before) / (double)points:F1} B a point on disk"));
        foreach (var device in devices)
        {
            await device.DisposeAsync();
        }
    }

    public static Task EnrolAsync(SimulatedDevice[] devices, EnrolmentToken token) =>
        Task.WhenAll(devices.Chunk(DevicesPerAddress).Select(async (group, number) =>
        {
            // Loopback is 127.0.0.0/8: each group of devices comes from an address of its own, as a fleet does.
            var address = new IPEndPoint(new IPAddress([127, 0, 1, (byte)(number + 1)]), 0);
            using var http = new HttpClient(new SocketsHttpHandler { ConnectCallback = (context, cancellationToken) => ConnectFromAsync(address, context.DnsEndPoint, cancellationToken) });
            foreach (var device in group)
            {
                await device.EnrolAsync(http, token);
            }
        }));

    private static async ValueTask<Stream> ConnectFromAsync(IPEndPoint from, DnsEndPoint to, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(from);
            await socket.ConnectAsync(IPAddress.Parse(to.Host), to.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static Task EachAsync(SimulatedDevice[] devices, Func<SimulatedDevice, Task> action) =>
        Parallel.ForEachAsync(devices, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (device, _) => await action(device));

    private static async Task MeasureAsync(ServerProcess server, string step, string unit, long units, Func<Task> action)
    {
        var since = Stopwatch.GetTimestamp();
        var cpu = server.Cpu;
        await action();
        var spent = server.Cpu - cpu;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {step} | {unit} | {units} | {Stopwatch.GetElapsedTime(since).TotalSeconds:F1} | {spent.TotalSeconds:F2} s | {spent.TotalMicroseconds / units:F0} µs | {server.ResidentBytes / 1e6:F0} MB |"));
    }
}
