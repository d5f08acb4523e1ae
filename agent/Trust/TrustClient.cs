using Messaging.Agent.Transport.Dialing;
using Messaging.Trust;

namespace Messaging.Agent.Trust;

/// <summary>
/// Fetches whom to trust, from whoever answers: it proves itself, and asking gives nothing away. So a server whose certificate this device
/// does not know yet can tell it that this is the fleet's server now.
/// </summary>
internal sealed class TrustClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="dialer">The way there.</param>
    /// <param name="connect">How long connecting may take.</param>
    /// <param name="timeout">How long all may take.</param>
    public TrustClient(Dialer dialer, TimeSpan connect, TimeSpan timeout)
    {
        var handler = dialer.CreateHandler((_, _) => true);
        handler.ConnectTimeout = connect;
        _http = new HttpClient(handler) { MaxResponseContentBufferSize = TrustBundle.MaxBytes, Timeout = timeout };
    }

    /// <summary>BASE/api/v1/trust: what a fleet server answers there, or the file that a web server has there.</summary>
    /// <exception cref="HttpRequestException">It cannot be had, or is no bundle by its length.</exception>
    /// <exception cref="OperationCanceledException">It takes too long.</exception>
    public async Task<byte[]> GetAsync(Uri home, CancellationToken ct)
    {
        using var response = await _http.GetAsync(new Uri(home.AbsoluteUri.TrimEnd('/') + "/api/v1/trust"), ct);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsByteArrayAsync(ct);
    }

    public void Dispose() => _http.Dispose();
}
