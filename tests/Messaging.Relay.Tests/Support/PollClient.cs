using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Messaging.Wire;

namespace Messaging.Relay.Tests.Support;

/// <summary>Long poll request by request, to say the wrong thing as well as the right one.</summary>
internal sealed class PollClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly Uri _url;

    public PollClient(RelayHost host, bool tls = false)
    {
        _url = new Uri(host.Urls.Single(url => url.StartsWith(tls ? "https:" : "http:", StringComparison.Ordinal)) + "/mqtt/poll");
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
        {
            using var copy = new X509Certificate2(certificate!);
            SeenSpkiHash = SHA256.HashData(copy.PublicKey.ExportSubjectPublicKeyInfo());
            return SeenSpkiHash.AsSpan().SequenceEqual(host.SpkiHash);
        };
        _http = new HttpClient(handler) { Timeout = Wait.Limit };
    }

    public string? Session { get; set; }

    public byte[]? SeenSpkiHash { get; private set; }

    public static async Task<PollClient> OpenAsync(RelayHost host, bool tls = false)
    {
        var client = new PollClient(host, tls);
        Assert.Equal(HttpStatusCode.Created, await client.BeginAsync());
        return client;
    }

    public async Task<HttpStatusCode> BeginAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url);
        using var response = await _http.SendAsync(request, Wait.Timeout);
        Session = response.Headers.TryGetValues(LongPoll.SessionHeader, out var names) ? names.Single() : null;
        return response.StatusCode;
    }

    public Task<HttpStatusCode> PutAsync(ulong number, byte[] chunk) => PutAsync(number, new ByteArrayContent(chunk));

    public async Task<HttpStatusCode> PutAsync(ulong number, HttpContent content)
    {
        using var body = content;
        using var response = await SendAsync(HttpMethod.Post, number, content: body);
        return response.StatusCode;
    }

    public async Task<(HttpStatusCode Status, byte[] Chunk)> GetAsync(ulong number, int wait = LongPoll.MaxWaitSeconds)
    {
        using var response = await SendAsync(HttpMethod.Get, number, wait);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync(Wait.Timeout));
    }

    public async Task<HttpStatusCode> DeleteAsync()
    {
        using var response = await SendAsync(HttpMethod.Delete);
        return response.StatusCode;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, ulong? number = null, int? wait = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, _url) { Content = content };
        Add(request, LongPoll.SessionHeader, Session);
        Add(request, LongPoll.NumberHeader, number?.ToString());
        Add(request, LongPoll.WaitHeader, wait?.ToString());
        return await _http.SendAsync(request, Wait.Timeout);
    }

    public void Dispose() => _http.Dispose();

    private static void Add(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.Add(header, value);
        }
    }
}
