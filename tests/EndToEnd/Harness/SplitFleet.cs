using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Messaging.EndToEnd.Harness;

/// <summary>Relay, control and agent as processes of their own, so that each can be killed alone. Optionally with an attacker before the relay.</summary>
internal sealed class SplitFleet : IAsyncDisposable
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(90);
    private readonly int _relayPort = Ports.Free();
    private readonly int _apiPort = Ports.Free();
    private readonly string[] _controlOptions;
    private string _controlKey = "";

    private SplitFleet(bool evil, string[] control)
    {
        _controlOptions = control;
        Evil = evil ? new EvilRelay(_relayPort) : null;
        Directory.CreateDirectory(ScriptsFolder);
        File.WriteAllText(FollowedFile, "");
        AddScript("say", "echo \"said $1\"");
        AddScript("count", $"echo ran >> '{CountedRuns}'");
    }

    public ScratchFolder Scratch { get; } = new();

    public EvilRelay? Evil { get; }

    public ChildProcess Relay { get; private set; } = null!;

    public ChildProcess Control { get; private set; } = null!;

    public ChildProcess Agent { get; private set; } = null!;

    public FleetApi Api { get; private set; } = null!;

    /// <summary>Gets the address of control.</summary>
    public string Url => $"http://127.0.0.1:{_apiPort}";

    /// <summary>Gets a file with the API token of an owner.</summary>
    public string TokenFile => Scratch["api-token"];

    public string DeviceId { get; private set; } = "";

    public string FollowedFile => Scratch["followed.log"];

    /// <summary>Gets the file to which the script "count" adds a line each time that it runs.</summary>
    public string CountedRuns => Scratch["counted-runs"];

    public string RelayData => Scratch["relay"];

    public string AgentState => Scratch["agent"];

    public string ControlData => Scratch["control"];

    public string TelemetryDatabase => Path.Combine(ControlData, "telemetry.db");

    /// <summary>Gets the port that agent and control connect to.</summary>
    public int MqttPort => Evil?.Port ?? _relayPort;

    private string ScriptsFolder => Scratch["scripts"];

    /// <param name="evil">There is an attacker before the relay.</param>
    /// <param name="control">More options of control.</param>
    public static async Task<SplitFleet> Start(bool evil = false, params string[] control)
    {
        var fleet = new SplitFleet(evil, control);
        try
        {
            await fleet.StartControl();
            var setupLink = await fleet.Control.WaitForLine("/setup#", StartUp);
            await fleet.SetUpOwner(setupLink[(setupLink.IndexOf("/setup#", StringComparison.Ordinal) + "/setup#".Length)..].Trim());
            fleet._controlKey = (await fleet.Api.Get("/api/v1/system"))["controlFingerprint"]!.GetValue<string>();
            await fleet.StartRelay();
            await Eventually.Is("control is at the relay", StartUp, fleet.IsReady);
            await fleet.EnrolAgent();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public static JsonObject RunScript(string name, params string[] arguments) => new()
    {
        ["type"] = "run-script",
        ["args"] = new JsonObject { ["name"] = name, ["arguments"] = new JsonArray([.. arguments.Select(static a => (JsonNode)a)]) },
    };

    public async Task StartControl()
    {
        Control = ChildProcess.Start(Repository.FleetServer,
        [
            "--roles", "control", "--data", ControlData, "--listen", "127.0.0.1", "--tls", "off", "--port", $"{_apiPort}",
            "--relay", $"mqtt://127.0.0.1:{MqttPort}", "--public-mqtt-url", $"mqtt://127.0.0.1:{MqttPort}",
            .. _controlOptions,
        ]);
        using var anonymous = new FleetApi($"http://127.0.0.1:{_apiPort}", token: null);
        await Eventually.Is($"control answers; it says:\n{Control.Output}", StartUp, async () =>
        {
            ThrowIfEnded(Control, "control");
            using var response = await anonymous.Http.GetAsync("/health/live");
            return response.IsSuccessStatusCode;
        });
    }

    public async Task StartRelay()
    {
        Relay = ChildProcess.Start(Repository.FleetServer,
        [
            "--roles", "relay", "--data", RelayData, "--listen", "127.0.0.1", "--tls", "off", "--port", "0", "--mqtt-port", $"{_relayPort}", "--control-key", _controlKey,
        ]);
        await Eventually.Is("the relay listens", StartUp, async () =>
        {
            ThrowIfEnded(Relay, "relay");
            using var probe = new TcpClient();
            try
            {
                await probe.ConnectAsync(IPAddress.Loopback, _relayPort);
                return true;
            }
            catch (SocketException)
            {
                // Not yet: the deadline judges.
                return false;
            }
        });
    }

    /// <param name="settings">Options that stand above the usual ones.</param>
    public Task StartAgent(params string[] settings) => StartAgent(new Dictionary<string, string>(), settings);

    /// <param name="environment">Variables of the process.</param>
    /// <param name="settings">Options that stand above the usual ones.</param>
    public Task StartAgent(IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        Agent = ChildProcess.Start(Repository.Agent, ["run", .. AgentOptions(), .. Settings(
            $"Logs:Files={FollowedFile}",
            "Logs:Journal=off",
            "Uplink:MetricsFlush=1s",
            "Uplink:LogsFlush=250ms",
            "Uplink:ResendAfter=2s",
            "Transport:BackoffMaximum=2s",
            "Intervals:cpu=500ms",
            "Commands:Allow=ping,collect,set-intervals,rotate-keys,run-script,shell",
            "Sessions:Shell=/bin/sh",
            $"Commands:ScriptsDirectory={ScriptsFolder}"), .. Settings(settings)], environment);
        return Task.CompletedTask;
    }

    /// <summary><c>messaging-agent status --json</c></summary>
    public async Task<JsonNode> AgentStatus()
    {
        var (code, output) = await ChildProcess.Run(Repository.Agent, ["status", "--json", .. AgentOptions()], StartUp);
        return code is 0 or 1 ? JsonNode.Parse(output)! : throw new HttpRequestException($"status ended with {code}: {output}");
    }

    /// <summary>Waits until the server says that the device is online; if it does not, says what the agent says of itself.</summary>
    public async Task Online(TimeSpan deadline)
    {
        try
        {
            await Eventually.Is("the agent is online", deadline, IsOnline);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{e.Message}\n{await AgentStatus()}\nThe agent:\n{Agent.Output}\nControl:\n{Control.Output}\nThe relay:\n{Relay.Output}", e);
        }
    }

    public async Task<bool> IsOnline() => (await Api.Get($"/api/v1/devices/{DeviceId}"))["online"]!.GetValue<bool>();

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { Agent, Control, Relay })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        if (Evil is not null)
        {
            await Evil.DisposeAsync();
        }

        Api?.Dispose();
        Scratch.Dispose();
    }

    private static IEnumerable<string> Settings(params string[] settings) => settings.SelectMany(static setting => new[] { "--set", setting });

    private static void ThrowIfEnded(ChildProcess process, string name)
    {
        if (process.HasExited)
        {
            throw new InvalidOperationException($"The {name} ended with {process.ExitCode}:\n{process.Output}");
        }
    }

    private string[] AgentOptions() => ["--state", Scratch["agent"], "--config", Scratch["agent.conf"]];

    private async Task<bool> IsReady()
    {
        using var response = await Api.Http.GetAsync("/health/ready");
        return response.IsSuccessStatusCode;
    }

    private async Task SetUpOwner(string setupToken)
    {
        using var browser = new FleetApi(Url, token: null);
        var session = await browser.Post("/api/v1/setup", new JsonObject { ["setupToken"] = setupToken, ["username"] = "owner", ["password"] = "correct horse battery staple" });
        var token = await browser.Post(
            "/api/v1/api-tokens", new JsonObject { ["name"] = "end-to-end", ["role"] = "owner" }, ("X-CSRF-Token", session["csrfToken"]!.GetValue<string>()));
        var text = token["token"]!.GetValue<string>();
        await File.WriteAllTextAsync(TokenFile, text);
        File.SetUnixFileMode(TokenFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Api = new FleetApi(Url, text);
    }

    private async Task EnrolAgent()
    {
        await File.WriteAllTextAsync(Scratch["agent.conf"], "");
        var token = await Api.Post("/api/v1/enrolment-tokens", new JsonObject { ["maxUses"] = 1, ["expiresIn"] = 600 });
        var (code, output) = await ChildProcess.Run(Repository.Agent, ["enroll", token["token"]!.GetValue<string>(), .. AgentOptions()], StartUp);
        Assert.True(code == 0, $"enroll ended with {code}:\n{output}");
        var devices = await Api.Get("/api/v1/devices");
        DeviceId = Assert.Single(devices["items"]!.AsArray())!["id"]!.GetValue<string>();
    }

    private void AddScript(string name, string body)
    {
        var path = Path.Combine(ScriptsFolder, name);
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
