using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;

namespace Messaging.Bench.Fleet;

/// <summary>A real fleet server on loopback with a data folder of its own, and what the kernel says of it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly Process _process;
    private readonly string _data;
    private readonly Task<string> _errors;
    private readonly TaskCompletionSource<string> _setupToken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, string data, int port, int mqttPort)
    {
        _process = process;
        _data = data;
        BaseUrl = new Uri($"http://127.0.0.1:{port}/");
        MqttPort = mqttPort;
        process.OutputDataReceived += (_, args) => Note(args.Data);
        process.BeginOutputReadLine();
        _errors = process.StandardError.ReadToEndAsync();
    }

    public Uri BaseUrl { get; }

    public int MqttPort { get; }

    /// <summary>Gets the CPU time since the server's start, user and kernel.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Gets the resident memory in bytes (VmRSS of proc_pid_status(5)).</summary>
    public long ResidentBytes => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(static line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ')[^2],
        CultureInfo.InvariantCulture) * 1024;

    /// <summary>Gets the size of all telemetry on disk, in bytes.</summary>
    public long TelemetryBytes => Directory.EnumerateFiles(_data, "telemetry.db*").Sum(static file => new FileInfo(file).Length);

    public static async Task<ServerProcess> StartAsync()
    {
        var data = Directory.CreateTempSubdirectory("messaging-bench-").FullName;
        int port = FreePort(), mqttPort = FreePort();
        var server = new ServerProcess(
            Start(["--data", data, "--listen", "127.0.0.1", "--tls", "off", "--port", $"{port}", "--mqtt-port", $"{mqttPort}"]), data, port, mqttPort);
        try
        {
            await server.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sets the server up, and gives a token of its API with the role owner.</summary>
    public async Task<string> CreateApiTokenAsync()
    {
        using var http = new HttpClient { BaseAddress = BaseUrl };
        var setup = new { setupToken = await _setupToken.Task.WaitAsync(Deadline), username = "owner", password = "a password of the bench" };
        using var session = await http.PostAsJsonAsync("api/v1/setup", setup);
        session.EnsureSuccessStatusCode();
        using var view = JsonDocument.Parse(await session.Content.ReadAsStringAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/api-tokens") { Content = JsonContent.Create(new { name = "bench", role = "owner" }) };
        request.Headers.Add("X-CSRF-Token", view.RootElement.GetProperty("csrfToken").GetString());
        request.Headers.Add("Origin", BaseUrl.GetLeftPart(UriPartial.Authority));
        using var answer = await http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return token.RootElement.GetProperty("token").GetString()!;
    }

    /// <summary>Makes an enrolment token for any number of devices.</summary>
    public async Task<string> CreateTokenAsync()
    {
        using var create = Start(["token", "create", "--data", _data, "--max-uses", "unlimited", "--public-url", BaseUrl.AbsoluteUri]);
        var trouble = create.StandardError.ReadToEndAsync();
        var token = await create.StandardOutput.ReadToEndAsync();
        await create.WaitForExitAsync();
        return create.ExitCode == 0 ? token.Trim() : throw new InvalidOperationException($"No enrolment token: {await trouble}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "fleet-server.path")).Trim(), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("The fleet server does not start.");
    }

    private void Note(string? line)
    {
        const string Link = "/setup#";
        if (line?.IndexOf(Link, StringComparison.Ordinal) is >= 0 and var at)
        {
            _setupToken.TrySetResult(line[(at + Link.Length)..].Trim());
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = BaseUrl };
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The fleet server ended with {_process.ExitCode}: {await _errors}");
            }

            try
            {
                using var answer = await http.GetAsync(new Uri("health/live", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (Stopwatch.GetElapsedTime(since) < Deadline)
            {
                // It does not listen yet.
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }
}
