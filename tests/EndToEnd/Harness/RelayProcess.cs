using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.Wire;

namespace Messaging.EndToEnd.Harness;

/// <summary>A relay on its own, and what a client of channels asks of it.</summary>
/// <param name="data">Its folder.</param>
/// <param name="launcher">What starts it; empty: nothing.</param>
/// <param name="options">Options beside those that it needs.</param>
internal sealed class RelayProcess(string data, IReadOnlyList<string> launcher, params string[] options) : IAsyncDisposable
{
    private static readonly TimeSpan StartUp = TimeSpan.FromSeconds(90);
    private readonly string _controlKey = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
    private readonly int _port = Ports.Free();
    private readonly int _mqttPort = Ports.Free();
    private readonly int _metricsPort = Ports.Free();
    private readonly HttpClient _http = new();
    private ChildProcess? _process;

    public string Output => _process!.Output;

    public Uri Url => new($"http://127.0.0.1:{_port}");

    public async Task StartAsync()
    {
        string[] command =
        [
            .. launcher, Repository.FleetServer, "--roles", "relay", "--data", data, "--listen", "127.0.0.1", "--tls", "off",
            "--port", $"{_port}", "--mqtt-port", $"{_mqttPort}", "--control-key", _controlKey, "--metrics-port", $"{_metricsPort}",
            .. options,
        ];
        _process = ChildProcess.Start(command[0], command[1..]);
        await Eventually.Is($"the relay answers; it says:\n{Output}", StartUp, async () =>
        {
            Assert.False(_process.HasExited, $"The relay ended:\n{Output}");
            using var response = await _http.GetAsync(new Uri(Url, "/health/live"), TestContext.Current.CancellationToken);
            return response.IsSuccessStatusCode;
        });
    }

    /// <summary>Asks a path of the port for measurements.</summary>
    public Task<HttpResponseMessage> GetMetricsAsync(string path = "/metrics") =>
        _http.GetAsync(new Uri($"http://127.0.0.1:{_metricsPort}{path}"), TestContext.Current.CancellationToken);

    /// <summary>Asks a path of the server.</summary>
    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(new Uri(Url, path), TestContext.Current.CancellationToken);

    /// <summary>Posts JSON, and reads the answer's.</summary>
    public async Task<JsonNode> PostAsync(string path, JsonNode body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(Url, path), content, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    public Task KillAsync() => _process!.KillNow();

    /// <summary>Makes a channel, or finds it there.</summary>
    public async Task<HttpStatusCode> CreateAsync(ChannelId channel, byte[] secret)
    {
        using var answer = await SendAsync(HttpMethod.Put, channel, "", secret, new ChannelCreate(SHA256.HashData(secret), []).Encode());
        return answer.StatusCode;
    }

    public async Task<(HttpStatusCode Status, ChannelAppended? Record, string Problem)> AppendAsync(ChannelId channel, byte[] secret, byte[] body)
    {
        using var answer = await SendAsync(HttpMethod.Post, channel, "/records", secret, body);
        var content = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return ChannelAppended.TryDecode(content, out var appended) ? (answer.StatusCode, appended, "") : (answer.StatusCode, null, Encoding.UTF8.GetString(content));
    }

    /// <summary>All records.</summary>
    public async Task<List<ChannelRecord>> ReadAsync(ChannelId channel, byte[] secret)
    {
        var records = new List<ChannelRecord>();
        ulong from = 0;
        while (true)
        {
            using var answer = await SendAsync(HttpMethod.Get, channel, $"/records?from={from}", secret, body: null);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(ChannelPage.TryDecode(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), out var page));
            if (page.Records.Count == 0)
            {
                return records;
            }

            records.AddRange(page.Records);
            from = page.Next;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, ChannelId channel, string path, byte[] secret, byte[]? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(Url, $"{ChannelSocket.Path}/{channel}{path}")) { Content = body is null ? null : new ByteArrayContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Base64Url.EncodeToString(secret));
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
