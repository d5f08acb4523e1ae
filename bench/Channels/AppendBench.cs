using System.Globalization;
using Messaging.Bench.Brokers;

namespace Messaging.Bench.Channels;

/// <summary>
/// Durable appends side by side: what one that is acknowledged costs the server in processor time, which holds on a machine where other things run, and how many a second went through, which does not.
/// </summary>
internal static class AppendBench
{
    private const int BodyBytes = 300;
    private const int InFlight = 64;
    private const int FirstPort = 21_700;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Ours is on the disk when it is acknowledged; NATS writes to the file, and syncs it every two minutes.</summary>
    private static readonly string[] Names = ["channels", "jetstream"];

    /// <summary>A WebSocket is read as fast as a device may send: 1,000 messages a second after a burst.</summary>
    private static readonly (string Name, int Writers, int Records, int InFlight)[] Shapes =
    [
        ("1 writer, one at a time", 1, 10_000, 1),
        ("20 writers, 64 in flight each", 20, 10_000, InFlight),
        ("100 writers, 64 in flight each", 100, 2_000, InFlight),
    ];

    public static async Task<int> RunAsync()
    {
        Console.WriteLine("| shape | server | CPU µs per append | appends a second |");
        Console.WriteLine("| --- | --- | ---: | ---: |");
        var port = FirstPort;
        foreach (var shape in Shapes)
        {
            foreach (var name in Names)
            {
                await using var server = await BrokerProcess.StartAsync(name, port += 2);
                if (server is not null)
                {
                    var (micros, rate) = await MeasureAsync(server, shape);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {shape.Name} | {name} | {micros:0.0} | {rate:0} |"));
                }
            }
        }

        return 0;
    }

    private static async Task<(double Micros, double Rate)> MeasureAsync(BrokerProcess server, (string Name, int Writers, int Records, int InFlight) shape)
    {
        var channel = server.Name == "channels" ? await ChannelAppendClient.CreateAsync(server.Address.Port) : default;
        var writers = new List<IAppendClient>();
        try
        {
            for (var i = 0; i < shape.Writers; i++)
            {
                writers.Add(server.Name == "channels"
                    ? await ChannelAppendClient.ConnectAsync(server.Address.Port, channel)
                    : await JetStreamAppendClient.ConnectAsync(server.Address.Port, $"w{i}", makesStream: i == 0));
            }

            var body = new byte[BodyBytes];
            await AppendAsync(writers, body, shape.Records / 10, shape.InFlight);
            var (cpu, began) = (server.CpuSeconds, TimeProvider.System.GetTimestamp());
            await AppendAsync(writers, body, shape.Records, shape.InFlight);
            var appended = (double)shape.Writers * shape.Records;
            return ((server.CpuSeconds - cpu) * 1e6 / appended, appended / TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        }
        finally
        {
            writers.ForEach(static one => one.Dispose());
        }
    }

    private static Task AppendAsync(List<IAppendClient> writers, byte[] body, int records, int inFlight) =>
        Task.WhenAll(writers.Select(one => one.AppendAsync(body, records, inFlight))).WaitAsync(Limit, TimeProvider.System);
}
