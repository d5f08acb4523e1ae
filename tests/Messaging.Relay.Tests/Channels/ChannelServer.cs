using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Messaging.Relay.Channels;
using Messaging.Relay.Channels.Mqtt;
using Messaging.Relay.Storage;
using Messaging.Relay.Tests.Support;
using Messaging.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Channels;

/// <summary>A relay with channels on real sockets and a real file.</summary>
internal sealed class ChannelServer : IAsyncDisposable
{
    private static readonly byte[] Control = RandomNumberGenerator.GetBytes(32);
    private readonly WebApplication _application;
    private readonly HttpClient _http;

    private ChannelServer(WebApplication application, Uri url)
    {
        _application = application;
        Url = url;
        _http = new HttpClient { BaseAddress = url, Timeout = Wait.Limit };
    }

    public Uri Url { get; }

    public HttpClient Http => _http;

    public ChannelRegistry Registry => _application.Services.GetRequiredService<ChannelRegistry>();

    public int MqttPort => _application.Services.GetRequiredService<RelayStatus>().Port ?? throw new InvalidOperationException("No plain port.");

    public int MqttCount => _application.Services.GetRequiredService<MqttChannels>().Count;

    public ChannelStatus Status => _application.Services.GetRequiredService<ChannelStatus>();

    public RelayStore Store => _application.Services.GetRequiredService<RelayStore>();

    public static async Task<ChannelServer> StartAsync(
        string path, Func<ChannelOptions, ChannelOptions>? change = null, Func<RelayOptions, RelayOptions>? relay = null)
    {
        var options = new ChannelOptions { Path = path };
        var relayOptions = new RelayOptions { Port = 0, ControlKeys = [Control] };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        relayOptions = relay?.Invoke(relayOptions) ?? relayOptions;
        builder.Services.AddRelay(relayOptions);
        builder.Services.AddChannels(change?.Invoke(options) ?? options);
        builder.WebHost.UseKestrel(kestrel =>
        {
            // Less than a record, as the fleet's server has it for its own API.
            kestrel.Limits.MaxRequestBodySize = 64 * 1024;
            kestrel.ListenRelay(relayOptions);
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        var application = builder.Build();
        application.UseRouting();
        application.MapRelay();
        application.MapChannels();
        await application.StartAsync(TestContext.Current.CancellationToken);
        var address = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses
            .Single(url => new Uri(url) is { Port: > 0 } uri && uri.Port != application.Services.GetRequiredService<RelayStatus>().Port);
        return new ChannelServer(application, new Uri(address));
    }

    /// <summary>A channel of its own, and its secret.</summary>
    public async Task<TestChannel> CreateAsync(byte[]? descriptor = null)
    {
        var channel = new TestChannel(ChannelId.Generate(), RandomNumberGenerator.GetBytes(32));
        using var answer = await PutAsync(channel, descriptor ?? []);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return channel;
    }

    public Task<HttpResponseMessage> PutAsync(TestChannel channel, byte[] descriptor) =>
        SendAsync(HttpMethod.Put, channel, "", new ChannelCreate(SHA256.HashData(channel.Secret), descriptor).Encode());

    public async Task<ChannelAppended> AppendAsync(TestChannel channel, byte[] body)
    {
        using var answer = await SendAsync(HttpMethod.Post, channel, "/records", body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(ChannelAppended.TryDecode(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), out var appended));
        return appended;
    }

    public async Task<ChannelPage> ReadAsync(TestChannel channel, string query = "")
    {
        using var answer = await SendAsync(HttpMethod.Get, channel, "/records" + query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(ChannelPage.TryDecode(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), out var page));
        return page;
    }

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, TestChannel channel, string path, byte[]? body = null, string? secret = null) =>
        SendAsync(method, $"{ChannelSocket.Path}/{channel.Id}{path}", body, secret ?? channel.SecretText);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[]? body, string secret)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new ByteArrayContent(body) };
        if (secret.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async Task<SocketClient> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol(ChannelSocket.SubProtocol);
        await socket.ConnectAsync(new UriBuilder(Url) { Scheme = "ws", Path = ChannelSocket.Path }.Uri, TestContext.Current.CancellationToken);
        return new SocketClient(socket);
    }

    /// <summary>A client of MQTT that has sent its CONNECT for a channel.</summary>
    public async Task<RawClient> OpenMqttAsync(
        TestChannel channel, Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500, bool isWebSocket = false, int? receiveBuffer = null)
    {
        var client = isWebSocket ? RawClient.Over(await WebSocketAsync(), version) : await RawClient.OpenAsync(MqttPort, version, receiveBuffer);
        var connect = new MqttConnectPacket
        {
            ClientId = "c",
            CleanSession = true,
            KeepAlivePeriod = 60,
            RequestProblemInformation = true,
            Username = $"channel/{channel.Id}",
            Password = Encoding.ASCII.GetBytes(channel.SecretText),
        };
        change?.Invoke(connect);
        await client.SendAsync(connect);
        return client;
    }

    /// <summary>A client of MQTT that has a channel open.</summary>
    public async Task<RawClient> MqttAsync(
        TestChannel channel, Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500, bool isWebSocket = false, int? receiveBuffer = null)
    {
        var client = await OpenMqttAsync(channel, change, version, isWebSocket, receiveBuffer);
        var answer = Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync());
        Assert.Equal((MqttConnectReasonCode.Success, MqttConnectReturnCode.ConnectionAccepted), (answer.ReasonCode, answer.ReturnCode));
        return client;
    }

    public Task StopAsync() => _application.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _application.StopAsync(CancellationToken.None);
        await _application.DisposeAsync();
    }

    private async Task<Stream> WebSocketAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("mqtt");
        await socket.ConnectAsync(new UriBuilder(Url) { Scheme = "ws", Path = "/mqtt" }.Uri, Wait.Timeout);
        return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
    }
}
