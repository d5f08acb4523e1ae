using System.Net;
using System.Net.Http.Headers;
using Messaging.Updates.Client;

namespace Messaging.Agent.Updates.Fetching;

/// <summary>
/// A repository, or a mirror of one, over HTTP: <c>metadata/</c> and <c>targets/</c> below its address. Nothing of it is trusted, and nothing secret goes there: any certificate
/// will do. Redirections are not followed.
/// </summary>
internal sealed class HttpRepository(Uri address, HttpClient http) : ITufFetcher
{
    public Uri Address => address;

    public async Task<Stream?> OpenAsync(TufRequest request, CancellationToken cancellation) =>
        (await OpenAsync(request.IsTarget, request.Path, 0, null, cancellation))?.Stream;

    /// <summary>Begins to get a file from an offset on, to its end or another; the answer says where it begins, which may be at 0. Null: it has none.</summary>
    /// <exception cref="IOException">It cannot be reached, or answers with an error.</exception>
    public async Task<(Stream Stream, long Offset)?> OpenAsync(bool isTarget, string path, long offset, long? end, CancellationToken ct)
    {
        var uri = new Uri($"{address.AbsoluteUri.TrimEnd('/')}/{(isTarget ? "targets" : "metadata")}/{path}");
        using var message = new HttpRequestMessage(HttpMethod.Get, uri);
        if (offset > 0 || end.HasValue)
        {
            message.Headers.Range = new RangeHeaderValue(offset, end - 1);
        }

        HttpResponseMessage? response = null;
        try
        {
            response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, ct);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.Gone)
            {
                // Stores of objects say "forbidden" of what is not there to who may not list them.
                response.Dispose();
                return null;
            }

            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && offset > 0)
            {
                response.Dispose();
                return await OpenAsync(isTarget, path, 0, null, ct);
            }

            var begins = response.StatusCode switch
            {
                HttpStatusCode.OK => 0,
                HttpStatusCode.PartialContent when response.Content.Headers.ContentRange?.From == offset => offset,
                HttpStatusCode.ServiceUnavailable => throw new BusyException($"{address.Host} answers 503"),
                _ => throw new IOException($"{address.Host} answers {(int)response.StatusCode}"),
            };
            return (new AnswerStream(response, await response.Content.ReadAsStreamAsync(ct)), begins);
        }
        catch (Exception e)
        {
            response?.Dispose();
            if (e is HttpRequestException || (e is OperationCanceledException && !ct.IsCancellationRequested))
            {
                // The handler's own deadline for connecting is a cancellation, too.
                throw new IOException($"{address.Host}: {e.GetBaseException().Message}", e);
            }

            throw;
        }
    }
}
