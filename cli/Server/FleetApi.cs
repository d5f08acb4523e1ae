using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Messaging.Cli.Audit;
using Messaging.Cli.Hosting;
using Messaging.Cli.Recordings;
using Messaging.Cli.Sessions;
using Messaging.Commands;
using Messaging.Trust;
using Messaging.Wire;

namespace Messaging.Cli.Server;

/// <summary>
/// The calls of the server. Whom to trust is fetched from whoever answers, since it proves itself; the token and everything else go only
/// over a connection whose certificate passed.
/// </summary>
internal sealed partial class FleetApi : IDisposable
{
    private const string Cbor = "application/cbor";
    private const int MaxAnswerBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    private readonly Uri _base;
    private readonly CertificateCheck _check;
    private readonly string? _token;
    private readonly HttpClient _anyone;
    private readonly HttpClient _server;
    private readonly HttpClient _artifacts;

    /// <param name="url">The server.</param>
    /// <param name="check">Judges its certificates.</param>
    /// <param name="token">The API token; null: nothing is called that takes one.</param>
    public FleetApi(Uri url, CertificateCheck check, string? token)
    {
        _base = new Uri(url.AbsoluteUri.TrimEnd('/') + "/");
        _check = check;
        _token = token;
        _anyone = Create(url, static (_, _, _) => true);
        _server = Create(url, check.Accept);
        _artifacts = Create(url, check.Accept);

        // However large: what is waited for is the next piece.
        _artifacts.Timeout = Timeout.InfiniteTimeSpan;
    }

    /// <summary>The server's clock when it last answered, as it says itself; null when it does not.</summary>
    public DateTimeOffset? ServerTime { get; private set; }

    /// <summary>From now on, certificates that the fleet's notice pins are accepted too.</summary>
    public void Trust(FleetTrust trust) => _check.Pins = trust.Notice.TlsPins;

    /// <summary>A bundle, from whoever answers.</summary>
    public async Task<byte[]> GetTrustAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_base, "api/v1/trust"));
        return await SendAsync(_anyone, request, ct);
    }

    public async Task PostTrustAsync(TrustChange change, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, "api/v1/trust", change.Encode());
        await SendAsync(_server, request, ct);
    }

    public Task<DeviceReply> GetDeviceAsync(PrincipalId device, CancellationToken ct) =>
        GetAsync($"api/v1/devices/{device}", ReplyJson.Default.DeviceReply, ct);

    public Task<TwinReply> GetTwinAsync(PrincipalId device, CancellationToken ct) => GetAsync($"api/v1/devices/{device}/twin", ReplyJson.Default.TwinReply, ct);

    public Task<CommandReply> GetCommandAsync(PrincipalId device, CommandId command, CancellationToken ct) =>
        GetAsync($"api/v1/devices/{device}/commands/{command}", ReplyJson.Default.CommandReply, ct);

    public Task<OutputReply> GetOutputAsync(PrincipalId device, CommandId command, int from, CancellationToken ct) =>
        GetAsync($"api/v1/devices/{device}/commands/{command}/output?from={from}", ReplyJson.Default.OutputReply, ct);

    /// <summary>A part of the recordings, newest first: of one device; of all with null.</summary>
    public Task<PageReply<RecordingReply>> GetRecordingsAsync(PrincipalId? device, string? before, int limit, CancellationToken ct) => GetAsync(
        $"api/v1/recordings?limit={limit.ToString(CultureInfo.InvariantCulture)}{(device is null ? "" : "&device=" + device)}{(before is null ? "" : "&before=" + Uri.EscapeDataString(before))}",
        ReplyJson.Default.PageReplyRecordingReply,
        ct);

    public Task<RecordingReply> GetRecordingAsync(PrincipalId device, CommandId command, CancellationToken ct) =>
        GetAsync($"api/v1/devices/{device}/recordings/{command}", ReplyJson.Default.RecordingReply, ct);

    /// <summary>Copies a recording, sealed as it is; it may be larger than any other answer.</summary>
    public async Task CopyRecordingAsync(PrincipalId device, CommandId command, Stream to, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, $"api/v1/devices/{device}/recordings/{command}/content");
        await SendAsync(_server, request, HttpCompletionOption.ResponseHeadersRead, async response =>
        {
            await response.Content.CopyToAsync(to, ct);
            return [];
        }, ct);
    }

    /// <summary>A part of one of the lists of the audit, oldest first.</summary>
    public Task<AuditPage<T>> GetAuditAsync<T>(string list, string? after, int limit, JsonTypeInfo<AuditPage<T>> type, CancellationToken ct) =>
        GetAsync($"api/v1/audit/{list}?limit={limit.ToString(CultureInfo.InvariantCulture)}{(after is null ? "" : "&after=" + Uri.EscapeDataString(after))}", type, ct);

    /// <summary>Sent again, it is the same command.</summary>
    public async Task PostCommandAsync(PrincipalId device, Command command, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, $"api/v1/devices/{device}/commands/signed", command.Bytes.ToArray());
        await SendAsync(_server, request, ct);
    }

    /// <summary>A WebSocket for a session's packets.</summary>
    /// <param name="device">With whom.</param>
    /// <param name="session">Its name.</param>
    /// <param name="changed">Called on any thread when something came, or the connection ended.</param>
    /// <param name="ct">Ends the attempt.</param>
    public async Task<SessionConnection> ConnectSessionAsync(PrincipalId device, SessionId session, Action changed, CancellationToken ct)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {_token ?? throw new InvalidOperationException("No token was read.")}");
        socket.Options.RemoteCertificateValidationCallback = (_, certificate, chain, errors) => _check.Accept(certificate, chain, errors);
        socket.Options.KeepAliveInterval = PingInterval;
        socket.Options.KeepAliveTimeout = PingInterval;
        socket.Options.CollectHttpResponseDetails = true;
        if (_base.IsLoopback)
        {
            socket.Options.Proxy = null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            var address = new UriBuilder(new Uri(_base, $"api/v1/devices/{device}/sessions/{session}")) { Scheme = _base.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" };
            await socket.ConnectAsync(address.Uri, limit.Token);
            return new SessionConnection(socket, changed);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            throw status switch
            {
                HttpStatusCode.Unauthorized => new CliException($"{_base.Authority} does not take the API token any more (401)."),
                HttpStatusCode.Forbidden => new CliException($"{_base.Authority} refuses: sessions take an API token with the role operator (403)."),
                HttpStatusCode.NotFound => new CliException($"{_base.Authority} refuses: there is no such device, or the server knows no sessions (404)."),
                HttpStatusCode.Conflict => new CliException($"{_base.Authority} refuses: the device is not active, or somebody else is connected to this session (409)."),
                HttpStatusCode.TooManyRequests => new CliException($"{_base.Authority} refuses: too many sessions are open; close some (429)."),
                _ => new CliException($"{_base.Authority} cannot be reached: {e.GetBaseException().Message}", ExitCodes.Unavailable),
            };
        }
    }

    /// <summary>All active devices.</summary>
    public async Task<List<DeviceReply>> GetDevicesAsync(CancellationToken ct)
    {
        var all = new List<DeviceReply>();
        string? next = null;
        do
        {
            var page = await GetAsync($"api/v1/devices?status=active&limit=500{(next is null ? "" : "&cursor=" + Uri.EscapeDataString(next))}", ReplyJson.Default.PageReplyDeviceReply, ct);
            all.AddRange(page.Items ?? []);
            next = page.Next;
        }
        while (next is not null);

        return all;
    }

    public Task<CommandSetReply> GetSetAsync(CommandId command, CancellationToken ct) =>
        GetAsync($"api/v1/commands/sets/{command}", ReplyJson.Default.CommandSetReply, ct);

    /// <summary>Devices of a set in one of some states.</summary>
    public Task<PageReply<CommandSetMemberReply>> GetSetMembersAsync(CommandId command, string states, string? cursor, CancellationToken ct) => GetAsync(
        $"api/v1/commands/sets/{command}/devices?limit=1000&state={states}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}",
        ReplyJson.Default.PageReplyCommandSetMemberReply,
        ct);

    /// <summary>Sent again, it is the same command.</summary>
    public async Task PostSetAsync(CommandOrder order, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, "api/v1/commands/sets/signed", order.Encode());
        await SendAsync(_server, request, ct);
    }

    /// <summary>Sent again, it is the same proposal.</summary>
    public async Task<ProposalReply> PostProposalAsync(CommandOrder order, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, "api/v1/commands/proposals", order.Encode());
        return Read(await SendAsync(_server, request, ct), ReplyJson.Default.ProposalReply);
    }

    public async Task<ProposalReply> PostSignatureAsync(CommandId proposal, Command signed, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Post, $"api/v1/commands/proposals/{proposal}/signatures", signed.Bytes.ToArray());
        return Read(await SendAsync(_server, request, ct), ReplyJson.Default.ProposalReply);
    }

    public async Task<ProposalReply> WithdrawAsync(CommandId proposal, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Delete, $"api/v1/commands/proposals/{proposal}");
        return Read(await SendAsync(_server, request, ct), ReplyJson.Default.ProposalReply);
    }

    public Task<PageReply<ProposalReply>> GetProposalsAsync(CancellationToken ct) =>
        GetAsync("api/v1/commands/proposals", ReplyJson.Default.PageReplyProposalReply, ct);

    public async Task<CommandOrder> GetOrderAsync(CommandId proposal, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, $"api/v1/commands/proposals/{proposal}/order");
        return CommandOrder.TryDecode(await SendAsync(_server, request, ct), out var order) && order.Command.Content.Id == proposal
            ? order
            : throw new CliException($"What {_base.Authority} shows as proposal {proposal} is not this command.");
    }

    public void Dispose()
    {
        _anyone.Dispose();
        _server.Dispose();
        _artifacts.Dispose();
    }

    private static HttpClient Create(Uri url, Func<X509Certificate?, X509Chain?, SslPolicyErrors, bool> accept) => new(new SocketsHttpHandler
    {
        // What has no TLS, because it does not leave this machine, must not be handed to a proxy.
        UseProxy = !url.IsLoopback,
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = Patience,
        SslOptions = new SslClientAuthenticationOptions
        {
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => accept(certificate, chain, errors),
        },
    })
    {
        MaxResponseContentBufferSize = MaxAnswerBytes,
        Timeout = Patience,
    };

    private HttpRequestMessage Request(HttpMethod method, string path, byte[]? cbor = null)
    {
        var request = new HttpRequestMessage(method, new Uri(_base, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token ?? throw new InvalidOperationException("No token was read."));
        if (cbor is not null)
        {
            request.Content = new ByteArrayContent(cbor);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(Cbor);
        }

        return request;
    }

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken ct)
    {
        using var request = Request(HttpMethod.Get, path);
        return Read(await SendAsync(_server, request, ct), type);
    }

    private T Read<T>(byte[] body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new CliException($"{_base.Authority} answers with something else than a fleet server would: {e.Message}");
        }
    }

    private Task<byte[]> SendAsync(HttpClient client, HttpRequestMessage request, CancellationToken ct) =>
        SendAsync(client, request, HttpCompletionOption.ResponseContentRead, response => response.Content.ReadAsByteArrayAsync(ct), ct);

    private async Task<byte[]> SendAsync(
        HttpClient client, HttpRequestMessage request, HttpCompletionOption completion, Func<HttpResponseMessage, Task<byte[]>> read, CancellationToken ct)
    {
        try
        {
            using var response = await client.SendAsync(request, completion, ct);
            ServerTime = response.Headers.Date;
            return response.IsSuccessStatusCode ? await read(response) : throw Refusal(response, await response.Content.ReadAsByteArrayAsync(ct));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.SecureConnectionError && _check.HasRefused)
        {
            throw new CliException(
                $"The certificate of {_base.Authority} is neither vouched for by the system's authorities nor pinned in the fleet's notice, so nothing was sent. "
                + "Give --ca-file FILE if an authority of your own vouches for it.");
        }
        catch (HttpRequestException e)
        {
            throw new CliException($"{_base.Authority} cannot be reached: {Reason(e)}", ExitCodes.Unavailable);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CliException($"{_base.Authority} did not answer within {Patience.TotalSeconds} s.", ExitCodes.Unavailable);
        }
    }

    /// <summary>TLS hides its reason one level below.</summary>
    private static string Reason(HttpRequestException e) => e.InnerException is { } inner && inner.Message != e.Message ? $"{e.Message} {inner.Message}" : e.Message;

    private CliException Refusal(HttpResponseMessage response, byte[] body)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
        {
            return new CliException($"{_base.Authority} is busy or down ({status}). Try again later.", ExitCodes.Unavailable);
        }

        if (response.Headers.Location is { } location)
        {
            return new CliException($"{_base.Authority} refers to {location}. If that is the server, give it as --url.");
        }

        return new CliException(Problem(body) is { Detail.Length: > 0 } problem
            ? $"{_base.Authority} refuses: {problem.Detail} ({problem.Code ?? status.ToString(provider: null)})"
            : $"{_base.Authority} refuses ({status}).")
        {
            Status = response.StatusCode,
        };
    }

    private static ProblemReply? Problem(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, ReplyJson.Default.ProblemReply);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
