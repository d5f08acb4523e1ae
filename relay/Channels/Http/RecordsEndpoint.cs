using System.Net;
using Messaging.Relay.Limits;
using Messaging.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;

namespace Messaging.Relay.Channels.Http;

/// <summary>A channel's records: POST appends one, GET reads, and waits for the next when there is none.</summary>
internal sealed class RecordsEndpoint(ChannelRegistry registry, ConnectionGate gate, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await AppendAsync(context);
        }
        else if (HttpMethods.IsGet(context.Request.Method))
        {
            await ReadAsync(context);
        }
        else
        {
            await context.RefuseAsync(ChannelProblem.Method);
        }
    }

    private async Task AppendAsync(HttpContext context)
    {
        if (await registry.OpenAsync(context) is not { } channel)
        {
            return;
        }

        if (await context.ReadBodyAsync(registry.Options.MaxRecordBytes) is not { Length: > 0 } body)
        {
            await context.RefuseAsync(ChannelProblem.TooLarge);
            return;
        }

        var result = await registry.AppendAsync(channel, body, AddressKey.Of(context.Connection.RemoteIpAddress));
        if (result.Status != AppendStatus.Durable)
        {
            await context.RefuseAsync(ChannelProblem.Of(result.Status));
            return;
        }

        await context.AnswerAsync(StatusCodes.Status200OK, new ChannelAppended((ulong)result.Offset, result.UnixMs).Encode());
    }

    private async Task ReadAsync(HttpContext context)
    {
        if (await registry.OpenAsync(context) is not { } channel)
        {
            return;
        }

        var extent = channel.Extent;
        var longest = (long)registry.Options.MaxWait.TotalSeconds;
        if (!context.TryNumber("from", extent.First, out var from) || !context.TryNumber("limit", registry.Options.MaxPageRecords, out var limit)
            || !context.TryNumber("wait", 0, out var wait) || limit == 0 || wait > longest)
        {
            await context.RefuseAsync(ChannelProblem.Malformed);
            return;
        }

        if (from > extent.Next)
        {
            await context.RefuseAsync(ChannelProblem.BeyondEnd);
            return;
        }

        try
        {
            var limits = new PageLimits((int)Math.Min(limit, registry.Options.MaxPageRecords), registry.Options.MaxPageBytes);
            var page = await registry.ReadAsync(channel, from, limits, context.RequestAborted);
            if (page.Count == 0 && wait > 0)
            {
                // Behind a proxy on a Unix socket everybody has the same address, unless the host reads the proxy's headers.
                using var ticket = gate.TryEnter(new IPEndPoint(context.Connection.RemoteIpAddress ?? IPAddress.Any, context.Connection.RemotePort));
                if (ticket is null || !ticket.Promote(isDevice: false))
                {
                    await context.RefuseAsync(ChannelProblem.Full);
                    return;
                }

                page = await WaitAsync(channel, from, limits, TimeSpan.FromSeconds(wait), context.RequestAborted);
            }

            if (channel.IsGone)
            {
                await context.RefuseAsync(ChannelProblem.Removed);
                return;
            }

            await context.AnswerAsync(StatusCodes.Status200OK, channel.Page(from, page).Encode());
        }
        catch (SqliteException)
        {
            await context.RefuseAsync(ChannelProblem.DiskFailed);
        }
    }

    private async Task<List<ChannelRecord>> WaitAsync(Channel channel, long from, PageLimits limits, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, patience, Timeout.InfiniteTimeSpan);
        using var listener = new ChannelListener(channel);
        while (true)
        {
            var page = await registry.ReadAsync(channel, from, limits, cancellationToken);
            if (page.Count > 0 || channel.IsGone)
            {
                return page;
            }

            try
            {
                await listener.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return page;
            }
        }
    }
}
