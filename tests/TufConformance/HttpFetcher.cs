using System.Net;
using Messaging.Updates.Client;

namespace Messaging.TufConformance;

/// <summary>A repository over HTTP.</summary>
internal sealed class HttpFetcher(HttpClient http, string metadataUrl, string targetsUrl) : ITufFetcher
{
    public async Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation)
    {
        var url = new Uri($"{(request.IsTarget ? targetsUrl : metadataUrl).TrimEnd('/')}/{request.Path}");
        HttpResponseMessage response;
        try
        {
            response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, cancellation);
        }
        catch (HttpRequestException e)
        {
            throw new IOException($"{url}: {e.Message}", e);
        }

        // Mirrors say so with either of the two (a bucket without a list of its files says 403).
        if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            response.Dispose();
            return null;
        }

        return response.IsSuccessStatusCode
            ? await response.Content.ReadAsStreamAsync(cancellation)
            : throw new IOException($"{url}: the repository answers {(int)response.StatusCode}");
    }
}
