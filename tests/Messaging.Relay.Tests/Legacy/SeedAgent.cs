using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>An agent as there are in the field: it begins where connect says, and goes on where each answer says.</summary>
internal sealed class SeedAgent : IDisposable
{
    private readonly LegacyServer _server;
    private readonly Queue<JsonNode> _events = new();
    private readonly string? _secret;
    private long _offset;
    private UdpClient? _udp;

    private SeedAgent(LegacyServer server, string name, string? secret, JsonNode answer)
    {
        (_server, Name, _secret) = (server, name, secret);
        SessionId = (string)answer["data"]!["sessionId"]!;
        ChannelId = (string)answer["data"]!["channelId"]!;
        _offset = (long)answer["data"]!["metadata"]!["globalOffset"]!;
    }

    public string Name { get; }

    public string SessionId { get; }

    public string ChannelId { get; }

    /// <summary>Joins the channel of a name and a password.</summary>
    public static async Task<SeedAgent> ConnectAsync(LegacyServer server, string name, string channel = "system001", string password = "12345678")
    {
        var secret = SeedCrypto.ChannelSecret(channel, password);
        var answer = await server.PostAsync("/connect", Request(name, channel, SeedCrypto.PasswordHash(secret, password)));
        Assert.Equal("success", (string?)answer["status"]);
        return new SeedAgent(server, name, secret, answer);
    }

    /// <summary>Joins a channel of which only the id is known.</summary>
    public static async Task<SeedAgent> ConnectByIdAsync(LegacyServer server, string name, string channelId)
    {
        var answer = await server.PostAsync("/connect", new JsonObject { ["channelId"] = channelId, ["agentName"] = name });
        Assert.Equal("success", (string?)answer["status"]);
        return new SeedAgent(server, name, secret: null, answer);
    }

    public static JsonObject Request(string name, string channel, string? passwordHash, string? sessionId = null) => new()
    {
        ["channelName"] = channel,
        ["channelPassword"] = passwordHash,
        ["agentName"] = name,
        ["agentContext"] = new JsonObject { ["agentType"] = "CSHARP", ["descriptor"] = "test" },
        ["sessionId"] = sessionId,
    };

    public JsonObject Event(string to, string type, string content, bool encrypted = false) => new()
    {
        ["sessionId"] = SessionId,
        ["type"] = type,
        ["to"] = to,
        ["encrypted"] = encrypted,
        ["content"] = content,
    };

    public JsonObject Range(long offset, int limit = 50, bool pollingDisabled = false) => new()
    {
        ["sessionId"] = SessionId,
        ["offsetRange"] = new JsonObject
        {
            ["globalOffset"] = offset,
            ["localOffset"] = offset,
            ["limit"] = limit,
            ["pollSource"] = "AUTO",
            ["pollingDisabled"] = pollingDisabled,
        },
    };

    /// <summary>Sends a text encrypted.</summary>
    public Task SayAsync(string to, string text) => SendAsync(to, "chat-text", SeedCrypto.Encrypt(_secret!, text), encrypted: true);

    public async Task SendAsync(string to, string type, string content, bool encrypted = false)
    {
        var answer = await _server.PostAsync("/event", Event(to, type, content, encrypted));
        Assert.Equal("success", (string?)answer["status"]);
        Assert.Equal(ChannelId, (string?)answer["data"]!["channelId"]);
    }

    /// <summary>Sends a text encrypted, in a datagram.</summary>
    public Task SayByUdpAsync(string to, string text) => PushAsync(Event(to, "udp-data", SeedCrypto.Encrypt(_secret!, text), encrypted: true));

    public async Task PushAsync(JsonObject payload) =>
        await Udp.SendAsync(Datagram("push", payload), Wait.Timeout);

    /// <summary>The next event of a type, over HTTP.</summary>
    public Task<JsonNode> NextAsync(string type) => NextAsync(type, () => _server.PostAsync("/receive", Range(_offset)));

    /// <summary>The next event of a type, in datagrams.</summary>
    public Task<JsonNode> NextByUdpAsync(string type) => NextAsync(type, () => PullAsync(Range(_offset)));

    public async Task<JsonNode> PullAsync(JsonObject payload)
    {
        await Udp.SendAsync(Datagram("pull", payload), Wait.Timeout);
        var answer = JsonNode.Parse((await Udp.ReceiveAsync(Wait.Timeout)).Buffer)!;
        Assert.Equal("ok", (string?)answer["status"]);
        return answer["result"]!;
    }

    public string? Open(JsonNode @event) => SeedCrypto.Decrypt(_secret!, (string)@event["content"]!);

    /// <summary>Waits for an encrypted text.</summary>
    public async Task<string?> HearAsync() => Open(await NextAsync("chat-text"));

    public async Task DisconnectAsync()
    {
        var answer = await _server.PostAsync("/disconnect", new JsonObject { ["sessionId"] = SessionId });
        Assert.Equal("success", (string?)answer["status"]);
        Assert.Null(answer["data"]);
    }

    /// <summary>Asks for the channel's password, and opens the reply.</summary>
    public async Task<string> AskForPasswordAsync()
    {
        using var rsa = RSA.Create(2048);
        var request = new JsonObject { ["requestId"] = "r1", ["publicKeyPem"] = rsa.ExportSubjectPublicKeyInfoPem() };
        await SendAsync("*", "password-request", request.ToJsonString());
        var reply = (string)(await NextAsync("password-reply"))["content"]!;
        Assert.Equal("r1", (string?)JsonNode.Parse(reply)!["requestId"]);
        return SeedCrypto.OpenPassword(rsa, reply);
    }

    /// <summary>Waits for whoever asks for the password, and tells it.</summary>
    public async Task TellPasswordAsync(string password)
    {
        var asked = await NextAsync("password-request");
        var request = JsonNode.Parse((string)asked["content"]!)!;
        using var rsa = RSA.Create();
        rsa.ImportFromPem((string)request["publicKeyPem"]!);
        var cipher = Convert.ToBase64String(rsa.Encrypt(Encoding.UTF8.GetBytes(password), RSAEncryptionPadding.OaepSHA256));
        await SendAsync(
            (string)asked["from"]!, "password-reply", new JsonObject { ["requestId"] = (string)request["requestId"]!, ["cipher"] = cipher }.ToJsonString());
    }

    public void Dispose() => _udp?.Dispose();

    private UdpClient Udp
    {
        get
        {
            if (_udp is null)
            {
                _udp = new UdpClient(_server.Udp.AddressFamily);
                _udp.Connect(_server.Udp);
            }

            return _udp;
        }
    }

    private static byte[] Datagram(string action, JsonObject payload) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["action"] = action, ["payload"] = payload }.ToJsonString());

    private async Task<JsonNode> NextAsync(string type, Func<Task<JsonNode>> receive)
    {
        var deadline = Wait.Timeout;
        while (true)
        {
            while (_events.TryDequeue(out var next))
            {
                if ((string?)next["type"] == type)
                {
                    return next;
                }
            }

            Assert.False(deadline.IsCancellationRequested, $"No event {type} came to {Name}.");
            var answer = await receive();
            Assert.Equal("success", (string?)answer["status"]);
            foreach (var found in answer["data"]!["events"]!.AsArray())
            {
                _events.Enqueue(found!);
            }

            _offset = (long)answer["data"]!["nextGlobalOffset"]!;
            Assert.Equal(_offset, (long)answer["data"]!["nextLocalOffset"]!);
        }
    }
}
