using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Messaging.Agent.Transport;
using Messaging.Agent.Transport.Dialing;
using Messaging.Agent.Trust;
using Messaging.Trust;

namespace Messaging.Agent.Enrolment;

/// <summary>
/// The two calls of enrolment. Whom to trust is fetched from whoever answers, since it proves itself; the request goes
/// only to a server that shows a certificate of the pins in its notice or of the system's authorities.
/// </summary>
internal sealed class FleetServerClient : IDisposable
{
    /// <summary>How long the server may hold the answer back while an operator decides, in seconds.</summary>
    public const int WaitSeconds = 25;

    private const string Cbor = "application/cbor";
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromMinutes(10);

    /// <summary>The first TLS connection of a small device, whose program is not compiled yet, takes its time.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RequestTimeout = ConnectTimeout + TimeSpan.FromSeconds(WaitSeconds) + ConnectTimeout;
    private const int MaxResponseBytes = 1024 * 1024;
    private readonly Uri _baseUrl;
    private readonly TrustClient _trust;
    private readonly HttpClient _server;
    private IReadOnlyList<byte[]> _pins = [];

    public FleetServerClient(Uri baseUrl, Dialer dialer)
    {
        _baseUrl = new Uri(baseUrl.AbsoluteUri.TrimEnd('/') + "/");
        _trust = new TrustClient(dialer, ConnectTimeout, RequestTimeout);
        _server = Create(dialer, (certificate, errors) =>
        {
            var check = new ServerCertificateCheck(_pins);
            check.See(certificate, errors);
            return check.IsPinned || check.IsTrustedBySystem;
        });
    }

    /// <exception cref="HttpRequestException">It cannot be had.</exception>
    public Task<byte[]> GetTrustAsync(CancellationToken ct) => _trust.GetAsync(_baseUrl, ct);

    /// <exception cref="HttpRequestException">The server cannot be reached or does not answer with an answer.</exception>
    public async Task<EnrolmentReply> EnrolAsync(byte[] request, FleetTrust fleet, CancellationToken ct)
    {
        _pins = fleet.Notice.TlsPins;
        using var content = new ByteArrayContent(request);
        content.Headers.ContentType = new MediaTypeHeaderValue(Cbor);
        using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(_baseUrl, "api/v1/enrol")) { Content = content };
        message.Headers.TryAddWithoutValidation("Prefer", $"wait={WaitSeconds}");
        using var response = await _server.SendAsync(message, ct);
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable => new EnrolmentReply(
                [], "is busy", response.Headers.RetryAfter?.Delta is { } wait ? wait < LongestRetryAfter ? wait : LongestRetryAfter : TimeSpan.Zero),

            // It could not open the request: its key has changed since its notice was fetched.
            HttpStatusCode.BadRequest => new EnrolmentReply([], "cannot open the request: its key has changed, or the request was changed on its way", TimeSpan.Zero),
            _ => new EnrolmentReply(await response.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync(ct), "", TimeSpan.Zero),
        };
    }

    public void Dispose()
    {
        _trust.Dispose();
        _server.Dispose();
    }

    private static HttpClient Create(Dialer dialer, Func<X509Certificate?, SslPolicyErrors, bool> accept)
    {
        var handler = dialer.CreateHandler(accept);
        handler.ConnectTimeout = ConnectTimeout;
        return new HttpClient(handler)
        {
            MaxResponseContentBufferSize = MaxResponseBytes,
            Timeout = RequestTimeout,
        };
    }
}
