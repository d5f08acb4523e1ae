using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Messaging.EndToEnd.Harness;

/// <summary>
/// A server with TLS, and an agent that reaches it only through a real HTTP proxy that wants a password, which in turn passes through a
/// network that a test can break. WebSocket and long poll also pass a reverse proxy.
/// </summary>
public sealed class ProxiedFleet : IAsyncLifetime
{
    public const string ProxyPassword = "between-you-and-the-proxy";
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(90);
    private readonly ScratchFolder _scratch = new();
    private readonly int _port = Ports.Free();
    private readonly int _gatewayPort = Ports.Free();
    private readonly int _mqttPort = Ports.Free();
    private readonly int _proxyPort = Ports.Free();
    private ChildProcess? _server;
    private ChildProcess? _tinyproxy;
    private X509Certificate2? _certificate;

    /// <summary>Gets the first address of MQTT over TLS, as the proxy is asked for it.</summary>
    internal string Mqtt => $"127.0.0.1:{_mqttPort}";

    /// <summary>Gets the second address of MQTT over TLS.</summary>
    internal string OtherMqtt => $"localhost:{_mqttPort}";

    internal ConnectProxy Network { get; } = new();

    internal TlsGateway Gateway { get; private set; } = null!;

    internal ChildProcess Agent { get; private set; } = null!;

    internal FleetApi Api { get; private set; } = null!;

    internal string DeviceId { get; private set; } = "";

    private string Url => $"https://127.0.0.1:{_port}";

    public async ValueTask InitializeAsync()
    {
        _server = ChildProcess.Start(Repository.FleetServer,
        [
            "--data", _scratch["server"], "--listen", "127.0.0.1", "--port", $"{_port}", "--mqtt-port", $"{_mqttPort}", "--public-url", Url,
            "--public-mqtt-url", $"mqtts://{Mqtt}", "--public-mqtt-url", $"mqtts://{OtherMqtt},wss://127.0.0.1:{_gatewayPort}",
            "--public-mqtt-url", $"https://127.0.0.1:{_gatewayPort}",
        ]);
        var link = await _server.WaitForLine("/setup#", StartUp);
        _certificate = X509Certificate2.CreateFromPemFile(Path.Combine(_scratch["server"], "tls", "server.crt"), Path.Combine(_scratch["server"], "tls", "server.key"));
        Gateway = new TlsGateway(_gatewayPort, _port, _certificate);
        await SetUpOwner(link[(link.IndexOf("/setup#", StringComparison.Ordinal) + "/setup#".Length)..].Trim());
        await StartProxy();
        await StartAgent();
    }

    /// <summary><c>messaging-agent status --json</c>, the connection's part.</summary>
    internal async Task<JsonNode> Connection()
    {
        var status = await Status();
        return JsonNode.Parse(status)!["connection"]!;
    }

    /// <summary>As a program or as a person reads it.</summary>
    internal async Task<string> Status(bool screen = false)
    {
        var (code, output) = await ChildProcess.Run(Repository.Agent, ["status", .. screen ? Array.Empty<string>() : ["--json"], .. AgentOptions()], StartUp);
        return code is 0 or 1 ? output : throw new HttpRequestException($"status ended with {code}: {output}");
    }

    internal Task<JsonNode> WaitForTransport(string transport) => Eventually.Get(
        $"the agent uses {transport}; it says:\n{Agent.Output}",
        TimeSpan.FromSeconds(90),
        Connection,
        connection => connection["state"]!.GetValue<string>() == "connected" && connection["transport"]!.GetValue<string>() == transport);

    internal Task<JsonNode> WaitForServerToSee(string transport) => Eventually.Get(
        $"the server sees {transport}",
        TimeSpan.FromSeconds(60),
        () => Api.Get($"/api/v1/devices/{DeviceId}"),
        device => device["transport"]?.GetValue<string>() == transport);

    internal async Task Ping()
    {
        var ping = await Api.Run(DeviceId, new JsonObject { ["type"] = "ping", ["args"] = new JsonObject() }, TimeSpan.FromSeconds(60));
        Assert.Equal("done", ping["state"]!.GetValue<string>());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { Agent, _tinyproxy, _server })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        await Network.DisposeAsync();
        Api?.Dispose();
        _certificate?.Dispose();
        _scratch.Dispose();
    }

    private string[] AgentOptions() => ["--state", _scratch["agent"], "--config", _scratch["agent.conf"]];

    private async Task StartProxy()
    {
        await File.WriteAllTextAsync(_scratch["tinyproxy.conf"], $"""
            Listen 127.0.0.1
            Port {_proxyPort}
            Timeout 600
            MaxClients 100
            BasicAuth device {ProxyPassword}
            Upstream http 127.0.0.1:{Network.Port}

            """);
        _tinyproxy = ChildProcess.Start("tinyproxy", ["-d", "-c", _scratch["tinyproxy.conf"]]);
        await Eventually.Is($"tinyproxy listens; it says:\n{_tinyproxy.Output}", StartUp, async () =>
        {
            using var probe = new System.Net.Sockets.TcpClient();
            try
            {
                await probe.ConnectAsync("127.0.0.1", _proxyPort);
                return true;
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Not yet: the deadline judges.
                return false;
            }
        });
    }

    private async Task StartAgent()
    {
        await File.WriteAllTextAsync(_scratch["password"], ProxyPassword + "\n");
        File.SetUnixFileMode(_scratch["password"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(_scratch["agent.conf"], $"""
            [Transport]
            Proxy = http://127.0.0.1:{_proxyPort}
            ProxyUser = device
            ProxyPasswordFile = {_scratch["password"]}
            ConnectTimeout = 5s
            BackoffMaximum = 1s
            ProbeInterval = 1s
            [Uplink]
            MetricsFlush = 1s
            [Intervals]
            cpu = 500ms
            [Logs]
            Journal = off
            """);
        var token = await Api.Post("/api/v1/enrolment-tokens", new JsonObject { ["maxUses"] = 1, ["expiresIn"] = 600 });
        var (code, output) = await ChildProcess.Run(Repository.Agent, ["enroll", token["token"]!.GetValue<string>(), .. AgentOptions()], StartUp);
        Assert.True(code == 0, $"enroll ended with {code}:\n{output}");
        DeviceId = Assert.Single((await Api.Get("/api/v1/devices"))["items"]!.AsArray())!["id"]!.GetValue<string>();
        Agent = ChildProcess.Start(Repository.Agent, ["run", .. AgentOptions()]);
        await Eventually.Is($"the agent runs; it says:\n{Agent.Output}", StartUp, async () => (await Connection())["state"]!.GetValue<string>().Length > 0);
    }

    private async Task SetUpOwner(string setupToken)
    {
        using var browser = new FleetApi(Url, token: null, _certificate);
        var session = await browser.Post("/api/v1/setup", new JsonObject { ["setupToken"] = setupToken, ["username"] = "owner", ["password"] = "correct horse battery staple" });
        var token = await browser.Post(
            "/api/v1/api-tokens", new JsonObject { ["name"] = "end-to-end", ["role"] = "owner" }, ("X-CSRF-Token", session["csrfToken"]!.GetValue<string>()));
        Api = new FleetApi(Url, token["token"]!.GetValue<string>(), _certificate);
    }
}
