using System.Diagnostics;
using System.Globalization;

namespace Messaging.Bench.Brokers;

/// <summary>Good clients by the thousand beside a flood of bad ones, for minutes: the broker's memory, and whether any good client noticed.</summary>
internal static class SoakBench
{
    private const int Port = 21_900;
    private const int PayloadBytes = 300;

    /// <summary>Pairs of clients that talk; the others keep their connection.</summary>
    private const int Talkers = 200;

    private const int AtOnce = 50;
    private const byte IdleNet = 1;
    private static readonly TimeSpan Sample = TimeSpan.FromSeconds(30);

    /// <param name="connections">Good clients.</param>
    /// <param name="duration">How long.</param>
    /// <param name="isTls">Over TLS, on the listener of the devices.</param>
    /// <returns>0: no good client lost anything.</returns>
    public static async Task<int> RunAsync(int connections, TimeSpan duration, bool isTls)
    {
        await using var broker = await BrokerProcess.StartAsync("ours", Port, isTls) ?? throw new InvalidOperationException("The server is not built.");
        using var ending = new CancellationTokenSource();
        var (good, idle) = (new GoodClients(broker.Address), new List<MqttLoadClient>());
        for (var index = 0; index < connections - (2 * Talkers); index += AtOnce)
        {
            idle.AddRange(await Task.WhenAll(Enumerable.Range(index, AtOnce).Select(one => MqttLoadClient.ConnectAsync(broker.Address.Of(IdleNet, one), $"i{one}", isIdle: true))));
        }

        var working = Task.WhenAll(
            [.. Enumerable.Range(0, Talkers).Select(one => good.TalkAsync(one, new byte[PayloadBytes], ending.Token)), good.ComeAndGoAsync(ending.Token)]);

        // In a process of their own: what they cost must not be what the good ones wait for.
        using var bad = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["flood", Port.ToString(CultureInfo.InvariantCulture), broker.Address.User])
        {
            Environment = { [BadClients.Password] = broker.Address.Password },
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        Console.WriteLine("| minute | MB resident | messages | new connections | good ones that failed |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: |");
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < duration)
        {
            await Task.Delay(Sample, TimeProvider.System);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {TimeProvider.System.GetElapsedTime(began).TotalMinutes:0.0} | {broker.Resident / 1e6:0.0} | {good.Messages} | {good.Connections} | {good.Failures} |"));
        }

        var processorTime = broker.CpuSeconds;
        await ending.CancelAsync();
        await working;
        var lost = idle.Count(static one => !one.IsAlive);
        idle.ForEach(static one => one.Dispose());
        Console.WriteLine();
        Console.WriteLine("| bad clients that | |");
        Console.WriteLine("| --- | ---: |");
        bad.StandardInput.Close();
        Console.Write(await bad.StandardOutput.ReadToEndAsync());

        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{idle.Count} idle clients, of which {lost} lost their connection; {good.Failures} other failures of good clients; {processorTime:0} s of the broker's processor time"));
        return lost == 0 && good.Failures == 0 ? 0 : 1;
    }
}
