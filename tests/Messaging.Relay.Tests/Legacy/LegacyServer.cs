using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.Relay.Channels;
using Messaging.Relay.Legacy;
using Messaging.Relay.Legacy.Sessions;
using Messaging.Relay.Legacy.Udp;
using Messaging.Relay.Storage;
using Messaging.Relay.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>A relay with channels and the legacy profile, on real sockets.</summary>
internal sealed class LegacyServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly Principal _control;
    private readonly HttpClient _http;
    private bool _isOver;

    private LegacyServer(WebApplication application, Principal control)
    {
        (_application, _control) = (application, control);
        Url = new Uri(application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        _http = new HttpClient { BaseAddress = Url, Timeout = Wait.Limit };
    }

    public Uri Url { get; }

    public IPEndPoint Udp => Get<UdpBridge>().LocalEndPoint ?? throw new InvalidOperationException("There is no UDP bridge.");

    public LegacyCounters Counters => Get<LegacyCounters>();

    public ChannelRegistry Registry => Get<ChannelRegistry>();

    public LegacySessions Sessions => Get<LegacySessions>();

    public static async Task<LegacyServer> StartAsync(
        string folder, Func<LegacyOptions, LegacyOptions>? change = null, Func<ChannelOptions, ChannelOptions>? channels = null,
        Func<RelayOptions, RelayOptions>? relay = null, TimeProvider? time = null)
    {
        var control = new Principal();
        var relayOptions = new RelayOptions { Port = null, ControlKeys = [control.Key.Public.Fingerprint.ToArray()] };
        var options = new LegacyOptions { Udp = new IPEndPoint(IPAddress.Loopback, 0) };
        var channelOptions = new ChannelOptions { Path = Path.Combine(folder, "relay.db") };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddRoutingCore();
        builder.Services.AddRelay(relay?.Invoke(relayOptions) ?? relayOptions);
        builder.Services.AddChannels(channels?.Invoke(channelOptions) ?? channelOptions);
        builder.Services.AddLegacy(change?.Invoke(options) ?? options);
        builder.Services.AddLogging();
        builder.WebHost.UseKestrel(static kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var application = builder.Build();
        application.UseRouting();
        application.MapChannels();
        application.MapLegacy();
        await application.StartAsync(TestContext.Current.CancellationToken);
        return new LegacyServer(application, control);
    }

    public T Get<T>()
        where T : notnull => _application.Services.GetRequiredService<T>();

    /// <summary>POSTs a body as it is.</summary>
    public async Task<JsonNode> PostAsync(string call, byte[] body, string? apiKey = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, LegacyNames.Path + call) { Content = new ByteArrayContent(body) };
        return await SendAsync(request, apiKey);
    }

    public Task<JsonNode> PostAsync(string call, JsonNode body, string? apiKey = null) => PostAsync(call, Encoding.UTF8.GetBytes(body.ToJsonString()), apiKey);

    public async Task<JsonNode> SendAsync(HttpMethod method, string call, string? apiKey = null)
    {
        using var request = new HttpRequestMessage(method, LegacyNames.Path + call);
        return await SendAsync(request, apiKey);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await _http.SendAsync(request, Wait.Timeout);

    /// <summary>What kill -9 leaves at this moment, when nothing is being written: the file and its write-ahead log.</summary>
    /// <param name="into">A folder that gets it.</param>
    public void CopyAsKilled(string into)
    {
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Get<RelayStore>().Path)!, "relay.db*").Where(static file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(into, Path.GetFileName(file)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_isOver)
        {
            return;
        }

        _isOver = true;
        _http.Dispose();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
        _control.Dispose();
    }

    private async Task<JsonNode> SendAsync(HttpRequestMessage request, string? apiKey)
    {
        if (apiKey is not null)
        {
            request.Headers.Add(LegacyNames.ApiKeyHeader, apiKey);
        }

        using var response = await SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("legacy", response.Headers.GetValues("Messaging-Profile").Single());
        Assert.Equal("@1796083200", response.Headers.GetValues("Deprecation").Single());
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(["status", "statusMessage", "data"], answer.AsObject().Select(static field => field.Key));
        Assert.Matches("^(success|error|unauthorized)$", (string?)answer["status"]);
        Assert.Equal((string?)answer["status"] == "success", (string?)answer["statusMessage"] is null);
        return answer;
    }
}
