using System.Globalization;
using System.Net;
using Messaging.Wire;
using Polly;
using Polly.Retry;

namespace Messaging.Agent.Transport.Polling;

/// <summary>The requests of one session, each repeated until it is answered: their numbers make that harmless.</summary>
internal sealed class PollRequests : IDisposable
{
    private static readonly TimeSpan HeldLong = TimeSpan.FromSeconds(5);
    private readonly HttpClient _http;
    private readonly Uri _url;
    private readonly PollSettings _settings;
    private readonly TimeProvider _time;
    private readonly ResiliencePipeline<HttpResponseMessage> _retry;
    private TimeSpan _wait;
    private string _session = "";

    public PollRequests(HttpClient http, Uri url, PollSettings settings, TimeProvider time)
    {
        _http = http;
        _url = url;
        _settings = settings;
        _time = time;
        _wait = settings.Wait;
        _retry = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time }
            .AddTimeout(settings.Patience + settings.Wait)
            .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                ShouldHandle = new PredicateBuilder<HttpResponseMessage>()
                    .Handle<HttpRequestException>()
                    .Handle<TimeoutException>()
                    .HandleResult(static response => (int)response.StatusCode >= 500 || response.StatusCode == HttpStatusCode.TooManyRequests),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = settings.RetryDelay,
                MaxDelay = TimeSpan.FromSeconds(10),
                OnRetry = static args =>
                {
                    args.Outcome.Result?.Dispose();
                    return default;
                },
            })
            .Build();
    }

    /// <summary>Begins the session; not repeated, because whoever connects tries again by himself.</summary>
    /// <exception cref="HttpRequestException">The relay did not begin one.</exception>
    /// <exception cref="RelayRefusedException">It said when to come back.</exception>
    public async Task OpenAsync(CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url);
        using var response = await _http.SendAsync(request, ct);
        _session = response.StatusCode == HttpStatusCode.Created
            && response.Headers.TryGetValues(LongPoll.SessionHeader, out var names)
            && names.FirstOrDefault() is { Length: > 0 } name
            ? name
            : throw Refused(response);
    }

    /// <exception cref="PollEndedException">It could not be delivered.</exception>
    public async Task SendAsync(ulong number, ReadOnlyMemory<byte> chunk, CancellationToken ct)
    {
        using var response = await RepeatAsync(HttpMethod.Post, number, chunk, ct);
        Expect(response, HttpStatusCode.NoContent);
    }

    /// <summary>Asks until there is something; empty at the end of the connection.</summary>
    /// <exception cref="PollEndedException">The session is gone.</exception>
    public async Task<byte[]> ReceiveAsync(ulong number, CancellationToken ct)
    {
        while (true)
        {
            using var response = await RepeatAsync(HttpMethod.Get, number, default, ct);
            if (response.StatusCode == HttpStatusCode.Gone)
            {
                return [];
            }

            if (response.StatusCode != HttpStatusCode.NoContent)
            {
                Expect(response, HttpStatusCode.OK);
                return await response.Content.ReadAsByteArrayAsync(ct);
            }
        }
    }

    /// <summary>Says that nothing more will come; nobody minds if it does not arrive.</summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        using var request = Create(HttpMethod.Delete, null, default);
        using var response = await _http.SendAsync(request, ct);
    }

    public void Dispose() => _http.Dispose();

    private Exception Refused(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Retry-After", out var values) && ReturnTime.Of(values.FirstOrDefault()) is { } time
            ? new RelayRefusedException(RelayRefusal.Unavailable, $"{_url} turned the device away: {(int)response.StatusCode}") { RetryAfter = time }
            : new HttpRequestException($"no long poll there: {(int)response.StatusCode}", null, response.StatusCode);

    private static void Expect(HttpResponseMessage response, HttpStatusCode expected)
    {
        if (response.StatusCode != expected)
        {
            throw new PollEndedException($"the relay ended the long poll ({(int)response.StatusCode})");
        }
    }

    private async Task<HttpResponseMessage> RepeatAsync(HttpMethod method, ulong number, ReadOnlyMemory<byte> chunk, CancellationToken ct)
    {
        try
        {
            return await _retry.ExecuteAsync(async token => await OnceAsync(method, number, chunk, token), ct);
        }
        catch (Polly.Timeout.TimeoutRejectedException e)
        {
            throw new PollEndedException("the requests of the long poll do not get through", e);
        }
    }

    private async Task<HttpResponseMessage> OnceAsync(HttpMethod method, ulong number, ReadOnlyMemory<byte> chunk, CancellationToken ct)
    {
        var isPoll = method == HttpMethod.Get;
        var began = _time.GetTimestamp();
        using var deadline = new CancellationTokenSource(_settings.RequestTime + (isPoll ? _wait : TimeSpan.Zero), _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        using var request = Create(method, number, chunk);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // Something on the way does not let a request be held that long.
            var held = _time.GetElapsedTime(began);
            if (isPoll && held >= HeldLong && _wait > HeldLong)
            {
                _wait = held / 2 > HeldLong ? held / 2 : HeldLong;
            }

            throw e is OperationCanceledException ? new TimeoutException("no answer in time", e) : e;
        }
    }

    private HttpRequestMessage Create(HttpMethod method, ulong? number, ReadOnlyMemory<byte> chunk)
    {
        var request = new HttpRequestMessage(method, _url);
        request.Headers.Add(LongPoll.SessionHeader, _session);
        if (number is { } value)
        {
            request.Headers.Add(LongPoll.NumberHeader, value.ToString(CultureInfo.InvariantCulture));
        }

        if (method == HttpMethod.Get)
        {
            var seconds = Math.Clamp((int)_wait.TotalSeconds, 1, LongPoll.MaxWaitSeconds);
            request.Headers.Add(LongPoll.WaitHeader, seconds.ToString(CultureInfo.InvariantCulture));
        }
        else if (!chunk.IsEmpty)
        {
            request.Content = new ReadOnlyMemoryContent(chunk);
        }

        return request;
    }
}
