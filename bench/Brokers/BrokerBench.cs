using System.Globalization;

namespace Messaging.Bench.Brokers;

/// <summary>
/// Brokers side by side: what a message that is delivered costs each of them in processor time, which holds on a machine where other things run, and how many a second
/// went through, which does not.
/// </summary>
internal static class BrokerBench
{
    private const int PayloadBytes = 300;
    private const int FirstPort = 21_400;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly string[] Names = ["ours", "mosquitto", "nats", "rabbitmq"];

    /// <summary>Kept: the subscriber's session outlives its connection, so that with ours a message is on the disk before it is acknowledged.</summary>
    private static readonly Shape[] Shapes =
    [
        new("20 publishers to 1, QoS 0", 20, 1, 0, 20_000),
        new("20 publishers to 1, QoS 1", 20, 1, 1, 5_000),
        new("1 publisher to 100, QoS 0", 1, 100, 0, 10_000),
        new("1 publisher to 100, QoS 1", 1, 100, 1, 2_000),
        new("20 publishers to 1, QoS 0, one by one", 20, 1, 0, 5_000, AtOnce: 1),
        new("20 publishers to 1, QoS 1, each waits for its acknowledgement", 20, 1, 1, 1_000, AtOnce: 1, Window: 1),
        new("20 publishers to 1 whose session is kept, QoS 1", 20, 1, 1, 2_000, IsKept: true),
    ];

    /// <param name="connections">Idle connections; 0: they are left out.</param>
    /// <param name="names">Brokers; none: all.</param>
    /// <param name="shapes">Numbers of loads, from 1; none: all.</param>
    /// <param name="runs">How often each is measured.</param>
    /// <param name="isTls">Over TLS.</param>
    public static async Task<int> RunAsync(int connections, string[] names, int[] shapes, int runs, bool isTls)
    {
        names = names.Length == 0 ? Names : names;
        Console.WriteLine("| shape | broker | CPU µs per delivered message: median | least | most | delivered a second: median |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: |");
        var port = FirstPort;
        foreach (var shape in Shapes.Where((_, index) => shapes.Length == 0 || shapes.Contains(index + 1)))
        {
            foreach (var name in names)
            {
                await using var broker = await BrokerProcess.StartAsync(name, port += 2, isTls);
                if (broker is not null)
                {
                    await MeasureAsync(broker, shape, runs);
                }
            }
        }

        if (connections == 0)
        {
            return 0;
        }

        Console.WriteLine();
        Console.WriteLine($"| {connections} idle connections | bytes each | connects a second | CPU µs per connect |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        foreach (var name in names)
        {
            await using var broker = await BrokerProcess.StartAsync(name, port += 2, isTls);
            if (broker is not null)
            {
                await IdleAsync(broker, connections);
            }
        }

        return 0;
    }

    /// <summary>Several runs of the same process: one of them is short, since there is a broker that does not come to the end of a long one.</summary>
    private static async Task MeasureAsync(BrokerProcess broker, Shape shape, int runs)
    {
        // What the JIT compiles, and compiles again for what it has seen, it compiles before.
        var (warm, began) = (0, TimeProvider.System.GetTimestamp());
        for (; TimeProvider.System.GetElapsedTime(began) < WarmUp; warm++)
        {
            await MessagesAsync(broker, shape, $"w{warm}", shape.Messages / 2);
        }

        await Task.Delay(Settling, TimeProvider.System);
        var measured = new List<(double Micros, double Rate)>();
        for (var run = 0; run < runs; run++)
        {
            measured.Add(await MessagesAsync(broker, shape, $"c{run}", shape.Messages));
        }

        var micros = measured.Select(static one => one.Micros).Order().ToList();
        var rates = measured.Select(static one => one.Rate).Order().ToList();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| {shape.Name} | {broker.Name} | {micros[runs / 2]:0.00} | {micros[0]:0.00} | {micros[^1]:0.00} | {rates[runs / 2]:0} |"));
    }

    private static async Task<(double Micros, double Rate)> MessagesAsync(BrokerProcess broker, Shape shape, string run, int messages)
    {
        var subscribers = new List<MqttLoadClient>();
        var publishers = new List<MqttLoadClient>();
        try
        {
            for (var index = 0; index < shape.Subscribers; index++)
            {
                subscribers.Add(await MqttLoadClient.ConnectAsync(broker.Address, $"s{run}-{index}", isKept: shape.IsKept));
                await subscribers[^1].SubscribeAsync("bench/topic", shape.Quality);
            }

            for (var index = 0; index < shape.Publishers; index++)
            {
                publishers.Add(await MqttLoadClient.ConnectAsync(broker.Address, $"p{run}-{index}"));
            }

            var payload = new byte[PayloadBytes];
            var (cpu, began) = (broker.CpuSeconds, TimeProvider.System.GetTimestamp());
            var pace = new Pace(subscribers.Count);
            var taking = subscribers.Select((one, index) => one.TakeAsync(shape.Publishers * messages, count => pace.Took(index, count))).ToList();
            await Task.WhenAll([.. publishers.Select(one => one.PublishAsync("bench/topic", payload, shape.Quality, messages, pace, shape.Window, shape.AtOnce)), .. taking]).WaitAsync(Limit, TimeProvider.System);
            var delivered = (double)shape.Publishers * messages * shape.Subscribers;
            var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            return ((broker.CpuSeconds - cpu) * 1e6 / delivered, delivered / seconds);
        }
        finally
        {
            subscribers.Concat(publishers).ToList().ForEach(static one => one.Dispose());
        }
    }

    private static async Task IdleAsync(BrokerProcess broker, int connections)
    {
        var clients = new List<MqttLoadClient>(connections);
        try
        {
            for (var index = 0; index < 200; index++)
            {
                (await MqttLoadClient.ConnectAsync(broker.Address, $"w{index}", isIdle: true)).Dispose();
            }

            var (resident, cpu, began) = (broker.Resident, broker.CpuSeconds, TimeProvider.System.GetTimestamp());
            for (var index = 0; index < connections; index += 50)
            {
                clients.AddRange(await Task.WhenAll(Enumerable.Range(index, Math.Min(50, connections - index)).Select(one => MqttLoadClient.ConnectAsync(broker.Address, $"i{one}", isIdle: true))));
            }

            var seconds = TimeProvider.System.GetElapsedTime(began).TotalSeconds;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {broker.Name} | {(broker.Resident - resident) / connections} | {connections / seconds:0} | {(broker.CpuSeconds - cpu) * 1e6 / connections:0} |"));
        }
        finally
        {
            clients.ForEach(static one => one.Dispose());
        }
    }
}
