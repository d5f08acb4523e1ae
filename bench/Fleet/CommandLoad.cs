using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Messaging.Enrolment;

namespace Messaging.Bench.Fleet;

/// <summary>
/// Commands to a connected fleet: from the call of the API to the result that a watcher of the live events gets, one at a time; and one
/// signature to all, until the last device has answered.
/// </summary>
internal static class CommandLoad
{
    /// <summary>As many devices as one live stream shows.</summary>
    private const int Watched = 60;

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(int count, int singles, int rounds)
    {
        await using var server = await ServerProcess.StartAsync();
        if (!EnrolmentToken.TryParse(await server.CreateTokenAsync(), out var token))
        {
            throw new InvalidDataException("What the server made is not an enrolment token.");
        }

        using var http = new HttpClient { BaseAddress = server.BaseUrl, Timeout = Longest };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await server.CreateApiTokenAsync());
        var devices = Enumerable.Range(0, count).Select(static _ => new SimulatedDevice()).ToArray();
        await FleetLoad.EnrolAsync(devices, token);
        await FleetLoad.EachAsync(devices, device => device.ConnectAsync(server.MqttPort));
        Console.WriteLine($"{count} devices are connected; load average {File.ReadAllText("/proc/loadavg").Trim()}");
        Console.WriteLine();
        Console.WriteLine("| what | count | p50 | p99 | longest | server CPU | devices' CPU |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        await SinglesAsync(http, server, devices, Math.Min(singles, 20), isWarm: false);
        await SinglesAsync(http, server, devices, singles, isWarm: true);
        for (var round = 0; round < rounds; round++)
        {
            await SetAsync(http, server, count, round == 0);
        }

        foreach (var device in devices)
        {
            await device.DisposeAsync();
        }
    }

    private static async Task SinglesAsync(HttpClient http, ServerProcess server, SimulatedDevice[] devices, int count, bool isWarm)
    {
        var some = devices.Take(Watched).ToArray();
        await using var live = await LiveResults.OpenAsync(http, some.Select(static device => device.Id.ToString()));
        var times = new List<double>(count);
        var (serverCpu, ownCpu) = (server.Cpu, OwnCpu);
        for (var i = 0; i < count; i++)
        {
            var since = Stopwatch.GetTimestamp();
            var id = await CreateAsync(http, $"api/v1/devices/{some[i % some.Length].Id}/commands", new { type = "ping" });
            await live.DoneAsync(id).WaitAsync(Longest);
            times.Add(Stopwatch.GetElapsedTime(since).TotalMilliseconds);
        }

        if (isWarm)
        {
            times.Sort();
            Line("ping, one at a time", count, Ms(times[times.Count / 2]), Ms(times[times.Count * 99 / 100]), Ms(times[^1]), server.Cpu - serverCpu, OwnCpu - ownCpu);
        }
    }

    private static async Task SetAsync(HttpClient http, ServerProcess server, int count, bool isFirst)
    {
        var (serverCpu, ownCpu, since) = (server.Cpu, OwnCpu, Stopwatch.GetTimestamp());
        var id = await CreateAsync(http, "api/v1/commands/sets", new { all = true, type = "ping" });
        var created = Stopwatch.GetElapsedTime(since);
        while (true)
        {
            using var set = JsonDocument.Parse(await http.GetStringAsync(new Uri($"api/v1/commands/sets/{id}", UriKind.Relative)));
            var totals = set.RootElement.GetProperty("totals");
            if (totals.GetProperty("done").GetInt32() == count)
            {
                break;
            }

            if (Stopwatch.GetElapsedTime(since) > Longest)
            {
                throw new TimeoutException($"After {Longest.TotalSeconds} s: {totals}");
            }

            await Task.Delay(Poll, TimeProvider.System);
        }

        var elapsed = Stopwatch.GetElapsedTime(since);
        Line(
            $"a ping to all{(isFirst ? ", the first" : "")}; answered after {Ms(created.TotalMilliseconds)}", count, "", "", Ms(elapsed.TotalMilliseconds), server.Cpu - serverCpu, OwnCpu - ownCpu);
    }

    private static TimeSpan OwnCpu
    {
        get
        {
            using var own = Process.GetCurrentProcess();
            return own.TotalProcessorTime;
        }
    }

    private static async Task<string> CreateAsync<T>(HttpClient http, string path, T body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        answer.EnsureSuccessStatusCode();
        using var view = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return view.RootElement.GetProperty("id").GetString()!;
    }

    private static string Ms(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F1} ms");

    private static void Line(string what, int count, string half, string most, string longest, TimeSpan serverCpu, TimeSpan ownCpu) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {count} | {half} | {most} | {longest} | {serverCpu.TotalSeconds:F2} s | {ownCpu.TotalSeconds:F2} s |"));
}
