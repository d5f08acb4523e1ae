using Messaging.Relay.Channels;
using Messaging.Relay.Channels.Http;
using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Legacy.Sessions;
using Messaging.Relay.Limits;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;

namespace Messaging.Relay.Legacy;

/// <summary>Gives an agent its events, and waits for the next when there is none.</summary>
internal sealed class LegacyReceiver(
    ChannelRegistry registry, LegacyChannels channels, LegacySessions sessions, ConnectionGate gate, LegacyOptions options,
    IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>POST /receive.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="page">An empty page, which knows how much an answer may hold.</param>
    /// <param name="caller">Who asks over HTTP; null: a datagram did, and a wait takes a place of where its session is from.</param>
    /// <param name="cancellationToken">Nobody waits for the answer any more.</param>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public async Task<LegacyAnswer> ReceiveAsync(ReceiveRequest request, EventPage page, LegacyCaller? caller, CancellationToken cancellationToken)
    {
        if (sessions.Find(request.SessionId) is not { } session)
        {
            return LegacyAnswer.UnknownSession;
        }

        // The session of a channel that nobody used for months ends as those of agents that say nothing.
        if (channels.Find(session.Channel) is not { } channel)
        {
            return LegacyAnswer.Error(ChannelProblem.Removed.Text);
        }

        if (!session.TryBeginReceive())
        {
            return LegacyAnswer.Error("Another receive of this session waits. Wait for its answer.");
        }

        if (caller is not null)
        {
            session.Touch(time.GetTimestamp(), caller.Address);
        }

        try
        {
            return await ReceiveAsync(session, channel, request.Range, page, cancellationToken);
        }
        catch (SqliteException)
        {
            return LegacyAnswer.Error(ChannelProblem.DiskFailed.Text);
        }
        finally
        {
            session.Touch(time.GetTimestamp());
            session.EndReceive();
        }
    }

    private async Task<LegacyAnswer> ReceiveAsync(
        LegacySession session, Channel channel, OffsetRange? range, EventPage page, CancellationToken cancellationToken)
    {
        // A range beyond the end is of a time before the channel was reset.
        var from = Math.Clamp(range?.From ?? session.Position, 0, channel.Extent.Next);
        if (range?.From is not null)
        {
            // What an agent asks for again did not reach it.
            session.Position = from;
        }

        page.Begin(session.Agent, from, range?.Limit);
        await ReadAsync(channel, page, cancellationToken);
        if (page.IsWaiting && range?.PollingDisabled is not true)
        {
            // Behind a proxy on a Unix socket everybody has the same address, unless the host reads the proxy's headers.
            using var ticket = session.LatestAddress is { } address ? gate.TryEnter(address) : gate.TryEnter(remote: null);
            if (ticket is null || !ticket.Promote(isDevice: false))
            {
                return LegacyAnswer.Error(ChannelProblem.Full.Text);
            }

            await WaitAsync(session, channel, page, cancellationToken);
        }

        if (session.Ended.IsCompleted)
        {
            return LegacyAnswer.UnknownSession;
        }

        if (channel.IsGone)
        {
            page.Begin(session.Agent, 0, range?.Limit);
        }

        if (range?.From is null)
        {
            session.Position = page.Next;
        }

        return page.Answer();
    }

    private async Task WaitAsync(LegacySession session, Channel channel, EventPage page, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        using var timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), limit, options.MaxWait, Timeout.InfiniteTimeSpan);
        using var listener = new ChannelListener(channel);
        while (true)
        {
            await ReadAsync(channel, page, cancellationToken);
            if (!page.IsWaiting || channel.IsGone)
            {
                return;
            }

            try
            {
                var news = listener.WaitAsync(limit.Token).AsTask();
                if (await Task.WhenAny(news, session.Ended) == session.Ended)
                {
                    await limit.CancelAsync();
                }

                await news;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Reads until there is an event for the agent, or nothing more.</summary>
    private async Task ReadAsync(Channel channel, EventPage page, CancellationToken cancellationToken)
    {
        while (page.TryTurn())
        {
            var limits = new PageLimits(registry.Options.MaxPageRecords, registry.Options.MaxPageBytes);
            var records = await registry.ReadAsync(channel, page.Next, limits, cancellationToken);
            if (records.Count == 0)
            {
                page.IsWaiting = true;
                return;
            }

            page.Take(records);
        }
    }
}
