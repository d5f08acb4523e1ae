using System.Globalization;
using System.Net;
using Messaging.Relay.Counters;
using Messaging.Relay.Limits;
using Messaging.Relay.Transport;
using Messaging.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Messaging.Relay.Polling;

/// <summary>
/// MQTT over long poll: POST without a session begins one, POST with one brings a chunk, GET fetches a chunk, DELETE ends it.
/// The answers tell no stranger whether a session exists.
/// </summary>
internal sealed class PollEndpoint(PollSessions sessions, RelayCounters counters, ReturnTimes returns)
{
    private const string Binary = "application/octet-stream";
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(LongPoll.MaxWaitSeconds);

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var tls = SpkiHash.Of(context.Features.Get<ISslStreamFeature>());
        var name = context.Request.Headers[LongPoll.SessionHeader];
        if (name.Count == 0)
        {
            Open(context, tls);
            return;
        }

        if (name.Count > 1 || sessions.Find(name, tls) is not { } session)
        {
            Refuse(context, StatusCodes.Status404NotFound);
            return;
        }

        using var scope = session.Enter();
        switch (context.Request.Method)
        {
            case "POST":
                await TakeAsync(context, session);
                return;
            case "GET":
                await HandOutAsync(context, session);
                return;
            case "DELETE":
                await session.EndSendingAsync(context.RequestAborted);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            default:
                Refuse(context, StatusCodes.Status405MethodNotAllowed);
                return;
        }
    }

    private void Open(HttpContext context, byte[]? tls)
    {
        if (context.Request.Method != "POST")
        {
            Refuse(context, StatusCodes.Status405MethodNotAllowed);
            return;
        }

        // Behind a proxy on a Unix socket everybody has the same address, unless the host reads the proxy's headers.
        var remote = new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.Any, context.Connection.RemotePort);
        if (sessions.TryOpen(remote, tls) is not { } session)
        {
            counters.Count(RelayCounter.ConnectionsRefused);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = RetryAfter.Write(returns.WhenFull);
            return;
        }

        counters.Count(RelayCounter.ConnectionsAccepted);
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.Headers[LongPoll.SessionHeader] = session.Name;
    }

    private async Task TakeAsync(HttpContext context, PollSession session)
    {
        var result = context.Request.ContentLength > LongPoll.MaxChunkBytes ? PollResult.TooLarge
            : TryNumber(context, LongPoll.NumberHeader, out var number) ? await session.TakeAsync(number, context.Request.BodyReader, SendPatience, context.RequestAborted)
            : PollResult.Malformed;
        Answer(context, result);
    }

    private async Task HandOutAsync(HttpContext context, PollSession session)
    {
        if (!TryNumber(context, LongPoll.NumberHeader, out var number) || !TryNumber(context, LongPoll.WaitHeader, out var seconds))
        {
            Refuse(context, StatusCodes.Status400BadRequest);
            return;
        }

        var patience = TimeSpan.FromSeconds(Math.Min(seconds, LongPoll.MaxWaitSeconds));
        var (result, chunk) = await session.HandOutAsync(number, patience, context.RequestAborted);
        if (result != PollResult.Done)
        {
            Answer(context, result);
            return;
        }

        context.Response.ContentType = Binary;
        context.Response.ContentLength = chunk.Length;
        context.Response.Headers[LongPoll.NumberHeader] = number.ToString(CultureInfo.InvariantCulture);
        await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
    }

    private void Answer(HttpContext context, PollResult result)
    {
        switch (result)
        {
            case PollResult.Done or PollResult.Nothing:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                break;
            case PollResult.Ended:
                context.Response.StatusCode = StatusCodes.Status410Gone;
                break;
            case PollResult.Busy:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                break;
            default:
                Refuse(context, result switch
                {
                    PollResult.TooLarge => StatusCodes.Status413PayloadTooLarge,
                    PollResult.WrongNumber => StatusCodes.Status409Conflict,
                    _ => StatusCodes.Status400BadRequest,
                });
                break;
        }
    }

    private void Refuse(HttpContext context, int status)
    {
        counters.Count(RelayCounter.PollRequestsRefused);
        context.Response.StatusCode = status;
    }

    private static bool TryNumber(HttpContext context, string header, out ulong number)
    {
        number = 0;
        return context.Request.Headers[header] is { Count: 1 } values
            && ulong.TryParse(values[0], NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && number > 0;
    }
}
