using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Messaging.Relay.Mqtt;
using Messaging.Relay.Tests.Support;
using Messaging.Relay.Tests.Users;
using Messaging.Relay.Users;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Messaging.Relay.Tests.Doors;

/// <summary>A relay whose listeners serve users, too.</summary>
internal sealed class UsersHost : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private UsersHost(RelayHost relay, DirectoryInfo folder) => (Relay, _folder) = (relay, folder);

    public RelayHost Relay { get; }

    public string UsersFile => Path.Combine(_folder.FullName, MqttUserFile.Name);

    /// <param name="users">Null: there is no file yet.</param>
    /// <param name="change">Of the options.</param>
    /// <param name="broker">The broker's limits, where others are wanted.</param>
    public static async Task<UsersHost> StartAsync(MqttUser[]? users, Func<RelayOptions, RelayOptions>? change = null, BrokerOptions? broker = null)
    {
        var folder = Directory.CreateTempSubdirectory("users-test-");
        var path = Path.Combine(folder.FullName, MqttUserFile.Name);
        if (users is not null)
        {
            Some.Write(path, users);
        }

        var relay = await RelayHost.StartAsync(options => (change?.Invoke(options) ?? options) with { MqttUsersFile = path }, services => services.TryAddSingleton(broker ?? new BrokerOptions()));
        return new UsersHost(relay, folder);
    }

    /// <summary>A connection of bytes to one of the listeners: tcp, tls, ws, wss.</summary>
    public async Task<Stream> OpenAsync(string transport)
    {
        if (transport is "ws" or "wss")
        {
            var socket = new ClientWebSocket();
            socket.Options.AddSubProtocol("mqtt");
            socket.Options.RemoteCertificateValidationCallback = IsOurs;
            var url = Relay.Urls.Single(url => url.StartsWith(transport == "ws" ? "http:" : "https:", StringComparison.Ordinal));
            await socket.ConnectAsync(new Uri(url.Replace("http", "ws", StringComparison.Ordinal) + "/mqtt"), Wait.Timeout);
            return WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true);
        }

        var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await tcp.ConnectAsync("127.0.0.1", transport == "tls" ? Relay.TlsPort : Relay.Port, Wait.Timeout);
        var plain = new NetworkStream(tcp, ownsSocket: true);
        if (transport == "tcp")
        {
            return plain;
        }

        var tls = new SslStream(plain, leaveInnerStreamOpen: false, IsOurs);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Wait.Timeout);
        return tls;
    }

    /// <summary>A user's CONNECT.</summary>
    public static MqttConnectPacket Connect(string user, string clientId, Action<MqttConnectPacket>? change = null)
    {
        var connect = new MqttConnectPacket
        {
            ClientId = clientId,
            CleanSession = true,
            KeepAlivePeriod = 60,
            Username = user,
            Password = Encoding.UTF8.GetBytes(Some.PasswordOf(user)),
        };
        change?.Invoke(connect);
        return connect;
    }

    public async Task<(RawClient Client, MqttConnAckPacket Answer)> ConnectAsync(
        string user, string clientId = "c", Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500, string transport = "tcp")
    {
        var client = RawClient.Over(await OpenAsync(transport), version);
        await client.SendAsync(Connect(user, clientId, change));
        return (client, Assert.IsType<MqttConnAckPacket>(await client.ReceiveAsync()));
    }

    public async Task<RawClient> ClientAsync(
        string user, string clientId = "c", Action<MqttConnectPacket>? change = null, MqttProtocolVersion version = MqttProtocolVersion.V500, string transport = "tcp")
    {
        var (client, answer) = await ConnectAsync(user, clientId, change, version, transport);
        Assert.Equal((MqttConnectReasonCode.Success, MqttConnectReturnCode.ConnectionAccepted), (answer.ReasonCode, answer.ReturnCode));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Relay.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private bool IsOurs(object sender, System.Security.Cryptography.X509Certificates.X509Certificate? certificate, System.Security.Cryptography.X509Certificates.X509Chain? chain, SslPolicyErrors errors) =>
        certificate is not null && certificate.GetRawCertData().AsSpan().SequenceEqual(Relay.Certificate.RawData);
}
