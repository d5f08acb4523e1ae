using System.Net;
using System.Text;
using System.Text.Json;
using Messaging.Relay.Legacy.Json;
using Messaging.Relay.Legacy.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Legacy.Udp;

/// <summary>
/// Works on one datagram. Its sender is whatever its writer says, so that an answer is larger than the datagram only where the session's
/// agent was seen over TCP: nobody makes the relay send others more than he sends himself.
/// </summary>
internal sealed partial class UdpCalls(
    LegacyService service, LegacySessions sessions, AnswerPace pace, LegacyCounters counters, LegacyOptions options, ILogger<UdpCalls> logger)
{
    /// <summary>Bytes of a datagram over IPv4, without its headers.</summary>
    public const int MaxDatagramBytes = 65_507;

    /// <summary>What is around the events of an answer, with what it says of those that were left out.</summary>
    private const int Overhead = 512;

    /// <summary>What is around the events of an answer that says nothing beside them.</summary>
    private const int SmallOverhead = 120;

    // Shorter than over HTTP, so that they fit where a request did.
    private static readonly LegacyAnswer UnknownSession = LegacyAnswer.Error("No such session: connect.");
    private static readonly LegacyAnswer Blocked = LegacyAnswer.Error("POST /receive from here first.");

    /// <summary>Reads a datagram and does what it asks for.</summary>
    /// <returns>What is to be answered; null: nothing.</returns>
    /// <exception cref="OperationCanceledException">The token ended it.</exception>
    public Task<byte[]?> RunAsync(ReadOnlySpan<byte> datagram, IPEndPoint remote, CancellationToken cancellationToken)
    {
        if (LegacyJson.TryRead(datagram, LegacyJson.Lenient.UdpRequest, out var request, out _) && request.Payload is { } payload)
        {
            var body = Encoding.UTF8.GetBytes(payload.Text);
            if (request.Action == "push" && LegacyJson.TryRead(body, LegacyJson.Lenient.EventRequest, out var push, out _))
            {
                return PushAsync(push);
            }

            if (request.Action == "pull" && LegacyJson.TryRead(body, LegacyJson.Lenient.ReceiveRequest, out var pull, out _))
            {
                return PullAsync(pull, remote, datagram.Length, cancellationToken);
            }
        }

        counters.Malformed();
        return Task.FromResult<byte[]?>(null);
    }

    private async Task<byte[]?> PushAsync(EventRequest push)
    {
        if (sessions.Find(push.SessionId) is null)
        {
            counters.Unknown();
        }
        else if ((await service.Events.PushAsync(push, caller: null)).Status != LegacyAnswer.Done.Status)
        {
            counters.PushFailed();
        }

        return null;
    }

    private async Task<byte[]?> PullAsync(ReceiveRequest pull, IPEndPoint remote, int received, CancellationToken cancellationToken)
    {
        if (sessions.Find(pull.SessionId) is not { } session)
        {
            counters.Unknown();
            return Fit(UnknownSession, received);
        }

        if (LegacyCaller.AddressOf(remote) is not { } address || !session.HasProven(address))
        {
            return await PullUnprovenAsync(pull, session, received, cancellationToken);
        }

        var page = new EventPage(options, MaxDatagramBytes - Overhead, LargeEvent.LeftOut);
        var answer = Encode(await service.Receiver.ReceiveAsync(pull, page, caller: null, cancellationToken));
        counters.Oversized(page.LeftOut);
        if (await pace.WaitAsync(address, answer.Length, cancellationToken))
        {
            return answer;
        }

        counters.Withheld();
        return null;
    }

    /// <summary>An answer that is no larger than its request. No event is lost: the one that fits none stays the next.</summary>
    private async Task<byte[]?> PullUnprovenAsync(ReceiveRequest pull, LegacySession session, int received, CancellationToken cancellationToken)
    {
        var page = new EventPage(options, Math.Max(0, received - SmallOverhead), LargeEvent.Held);
        var answer = await service.Receiver.ReceiveAsync(pull, page, caller: null, cancellationToken);
        if (!page.IsBlocked)
        {
            return Fit(answer, received);
        }

        if (session.TryWarn())
        {
            LogBlocked(logger, session.Channel);
        }

        counters.Withheld();
        return Fit(Blocked, received);
    }

    private byte[]? Fit(LegacyAnswer answer, int bytes)
    {
        var encoded = Encode(answer);
        if (encoded.Length <= bytes)
        {
            return encoded;
        }

        counters.Withheld();
        return null;
    }

    private static byte[] Encode(LegacyAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(new UdpAnswer("ok", answer), LegacyJson.Lenient.UdpAnswer);

    [LoggerMessage(EventId = 1099, Level = LogLevel.Warning, Message = "An agent in legacy channel {Channel} pulls over UDP from an address that it made no HTTP request from, and gets no answer that is larger than its request. If it comes by IPv6 over HTTP and by IPv4 over UDP, give it a name or an address that leads to one of them only")]
    private static partial void LogBlocked(ILogger logger, ChannelId channel);
}
