using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Text;
using Messaging.Relay.Limits;
using Messaging.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Channels.Http;

/// <summary>
/// A channel's records as server-sent events (WHATWG HTML, section 9.2): one event for each record, whose id is the offset after it, so that
/// a client that comes back with Last-Event-ID misses nothing and gets nothing twice.
/// </summary>
internal sealed class StreamEndpoint(ChannelRegistry registry, ConnectionGate gate, RelayOptions relay, TimeProvider time)
{
    private const int PageBytes = 256 * 1024;

    /// <summary>A comment in each silence of this length: proxies cut what is silent, and a peer that is gone is found by it.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            await context.RefuseAsync(ChannelProblem.Method);
            return;
        }

        if (await registry.OpenAsync(context) is not { } channel)
        {
            return;
        }

        if (!TryFrom(context, channel.Extent.Next, out var from))
        {
            await context.RefuseAsync(ChannelProblem.Malformed);
            return;
        }

        if (from > channel.Extent.Next)
        {
            await context.RefuseAsync(ChannelProblem.BeyondEnd);
            return;
        }

        using var ticket = gate.TryEnter(new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.Any, context.Connection.RemotePort));
        if (ticket is null || !ticket.Promote(isDevice: false))
        {
            await context.RefuseAsync(ChannelProblem.Full);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await SendAsync(context, channel, from);
        }
        catch (OperationCanceledException)
        {
            // The client is gone, or takes nothing: it comes back with the last id that it has.
            context.Abort();
        }
        catch (SqliteException)
        {
            // The registry has said so. The client comes back.
            context.Abort();
        }
    }

    private static bool TryFrom(HttpContext context, long otherwise, out long from)
    {
        var last = context.Request.Headers["Last-Event-ID"];
        if (last.Count == 0)
        {
            return context.TryNumber("from", otherwise, out from);
        }

        from = 0;
        return last.Count == 1 && long.TryParse(last[0], NumberStyles.None, CultureInfo.InvariantCulture, out from);
    }

    private async Task SendAsync(HttpContext context, Channel channel, long from)
    {
        using var listener = new ChannelListener(channel);
        using var stall = new CancellationTokenSource();
        await using var stallTimer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), stall, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stall.Token);
        var limits = new PageLimits(registry.Options.MaxPageRecords, PageBytes);
        var output = context.Response.BodyWriter;
        output.Write(": from "u8, from);
        while (true)
        {
            var page = await registry.ReadAsync(channel, from, limits, ended.Token);
            var first = channel.Extent.First;
            if (from < first)
            {
                output.WriteEvent("gap"u8, first, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{from}-{first - 1}")));
                from = first;
            }

            foreach (var record in page)
            {
                from = (long)record.Offset + 1;
                output.WriteEvent("record"u8, from, Encode(record));
            }

            if (channel.IsGone)
            {
                output.WriteEvent("removed"u8, from, "removed"u8);
            }

            stallTimer.Change(relay.StallTimeout, Timeout.InfiniteTimeSpan);
            await output.FlushAsync(ended.Token);
            stallTimer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (channel.IsGone)
            {
                return;
            }

            if (page.Count == 0 && !await IsNewsAsync(listener, ended.Token))
            {
                output.Write(": "u8, from);
            }
        }
    }

    /// <summary>Waits for news; false after a silence.</summary>
    private async ValueTask<bool> IsNewsAsync(ChannelListener listener, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, Heartbeat, Timeout.InfiniteTimeSpan);
        try
        {
            await listener.WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>[offset, unixMs, body] in base64url: server-sent events are text.</summary>
    private static byte[] Encode(ChannelRecord record)
    {
        var bytes = new byte[record.Body.Length + ChannelRecord.MaxOverhead];
        var writer = new CborWriter(bytes);
        record.Write(ref writer);
        return Base64Url.EncodeToUtf8(bytes.AsSpan(0, writer.Written));
    }
}
