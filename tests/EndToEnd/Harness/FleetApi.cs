using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Messaging.EndToEnd.Harness;

/// <summary>The REST API as a script sees it: a base address, a bearer token, JSON.</summary>
internal sealed class FleetApi : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="url">The server's address.</param>
    /// <param name="token">The API token; null for a stranger.</param>
    /// <param name="authority">The only certificate that is trusted; null for what the system trusts.</param>
    public FleetApi(string url, string? token, X509Certificate2? authority = null)
    {
        var handler = new SocketsHttpHandler();
        if (authority is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { authority },
                RevocationMode = X509RevocationMode.NoCheck,
            };
        }

        _http = new HttpClient(handler) { BaseAddress = new Uri(url), Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public HttpClient Http => _http;

    public async Task<JsonNode> Get(string path)
    {
        using var response = await _http.GetAsync(path);
        return await Read(response, path);
    }

    public async Task<JsonNode> Post(string path, JsonNode body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await _http.SendAsync(request);
        return await Read(response, path);
    }

    public async Task<JsonNode> Put(string path, JsonNode body)
    {
        using var response = await _http.PutAsync(path, JsonContent.Create(body));
        return await Read(response, path);
    }

    public async Task Delete(string path)
    {
        using var response = await _http.DeleteAsync(path);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Sends a command and waits until it has ended.</summary>
    public async Task<JsonNode> Run(string deviceId, JsonObject command, TimeSpan deadline)
    {
        var created = await Post($"/api/v1/devices/{deviceId}/commands", command);
        return await WaitForCommand(deviceId, created["id"]!.GetValue<string>(), deadline);
    }

    public Task<JsonNode> WaitForCommand(string deviceId, string commandId, TimeSpan deadline) => Eventually.Get(
        $"command {commandId} ends",
        deadline,
        () => Get($"/api/v1/devices/{deviceId}/commands/{commandId}"),
        static command => command["state"]!.GetValue<string>() is not ("waiting" or "sent" or "accepted" or "running"));

    /// <summary>All log lines of a device whose body starts with a prefix, oldest first.</summary>
    public async Task<List<string>> LogBodies(string deviceId, string prefix)
    {
        var bodies = new List<string>();
        for (string? before = null; ;)
        {
            var page = await Get($"/api/v1/devices/{deviceId}/logs?limit=1000{(before is null ? "" : "&before=" + Uri.EscapeDataString(before))}");
            bodies.AddRange(page["items"]!.AsArray()
                .Select(static line => line!["body"]!.GetValue<string>())
                .Where(body => body.StartsWith(prefix, StringComparison.Ordinal)));
            before = page["next"]?.ToString();
            if (before is null)
            {
                bodies.Reverse();
                return bodies;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> Read(HttpResponseMessage response, string path)
    {
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{(int)response.StatusCode} for {path}: {text}", null, response.StatusCode);
        }

        return JsonNode.Parse(text) ?? throw new JsonException($"{path} answered null.");
    }
}
