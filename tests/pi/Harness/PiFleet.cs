using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>A fleet server on this machine, TLS and all, as an emulated board reaches it.</summary>
internal sealed class PiFleet : IAsyncDisposable
{
    private static readonly TimeSpan StartUp = TimeSpan.FromMinutes(2);
    private readonly string _data;
    private readonly int _port = Ports.Free();
    private readonly int _mqttPort = Ports.Free();
    private ChildProcess? _server;
    private X509Certificate2? _certificate;

    private PiFleet(string data) => _data = data;

    public FleetApi Api { get; private set; } = null!;

    public string Url => $"https://127.0.0.1:{_port}";

    /// <summary>Gets the server's certificate, which signs itself.</summary>
    public string Authority => Path.Combine(_data, "tls", "server.crt");

    /// <summary>Gets the API token of an owner.</summary>
    public string Token { get; private set; } = "";

    public string TelemetryDatabase => Path.Combine(_data, "telemetry.db");

    public static async Task<PiFleet> Start(string data)
    {
        var fleet = new PiFleet(data);
        try
        {
            await fleet.Run();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async Task<string> EnrolmentToken()
    {
        var token = await Api.Post("/api/v1/enrolment-tokens", new JsonObject { ["maxUses"] = 1, ["expiresIn"] = 86400 });
        return token["token"]!.GetValue<string>();
    }

    public async Task<string> OnlyDevice()
    {
        var devices = await Api.Get("/api/v1/devices");
        return Assert.Single(devices["items"]!.AsArray())!["id"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        Api?.Dispose();
        _certificate?.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    private async Task Run()
    {
        // 10.0.2.2 is how the board reaches this machine's loopback.
        _server = ChildProcess.Start(Repository.FleetServer,
        [
            "--data", _data, "--listen", "127.0.0.1", "--port", $"{_port}", "--mqtt-port", $"{_mqttPort}",
            "--public-url", $"https://10.0.2.2:{_port}", "--public-mqtt-url", $"mqtts://10.0.2.2:{_mqttPort}",
        ]);
        var link = await _server.WaitForLine("/setup#", StartUp);
        _certificate = X509Certificate2.CreateFromPem(await File.ReadAllTextAsync(Authority));
        using var browser = new FleetApi(Url, token: null, _certificate);
        await Eventually.Is("the server answers", StartUp, async () =>
        {
            using var response = await browser.Http.GetAsync("/health/ready");
            return response.IsSuccessStatusCode;
        });
        var session = await browser.Post("/api/v1/setup", new JsonObject
        {
            ["setupToken"] = link[(link.IndexOf("/setup#", StringComparison.Ordinal) + "/setup#".Length)..].Trim(),
            ["username"] = "owner",
            ["password"] = "correct horse battery staple",
        });
        var token = await browser.Post(
            "/api/v1/api-tokens", new JsonObject { ["name"] = "pi", ["role"] = "owner" }, ("X-CSRF-Token", session["csrfToken"]!.GetValue<string>()));
        Token = token["token"]!.GetValue<string>();
        Api = new FleetApi(Url, Token, _certificate);
    }
}
