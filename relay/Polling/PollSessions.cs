using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Messaging.Relay.Hosting;
using Messaging.Relay.Limits;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Polling;

/// <summary>The sessions of long poll, by their names. Each has a place at the gate like any other connection.</summary>
internal sealed partial class PollSessions(
    RelayBroker broker, ConnectionGate gate, RelayOptions options, TimeProvider time, ILogger<PollSessions> logger)
{
    private readonly ConcurrentDictionary<string, PollSession> _sessions = new(StringComparer.Ordinal);

    /// <summary>Begins a session, or answers null when there is no place for it.</summary>
    /// <param name="remote">Whose place it takes.</param>
    /// <param name="tlsSpkiSha256">The certificate that it is bound to.</param>
    public PollSession? TryOpen(IPEndPoint remote, byte[]? tlsSpkiSha256)
    {
        if (gate.TryEnter(remote) is not { } ticket)
        {
            return null;
        }

        var name = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(LongPoll.SessionBytes));
        var session = new PollSession(name, remote, tlsSpkiSha256, options.PollIdleTimeout, time);
        _sessions[name] = session;
        _ = RunAsync(session, ticket);
        return session;
    }

    /// <summary>The session of that name and certificate, or null.</summary>
    public PollSession? Find(string? name, byte[]? tlsSpkiSha256) =>
        name is not null && _sessions.TryGetValue(name, out var session) && session.IsBoundTo(tlsSpkiSha256) ? session : null;

    /// <summary>Serves a session, which no request lives as long as, to its end.</summary>
    private async Task RunAsync(PollSession session, ConnectionTicket ticket)
    {
        using var place = ticket;
        using var served = session;
        try
        {
            await broker.RunAsync(session.Transport, ticket);
            await session.FinishAsync();
        }
        catch (Exception exception)
        {
            // Nobody awaits it, and one session's end is not the relay's.
            Log.Failed(logger, exception);
            session.Abort();
        }
        finally
        {
            _sessions.TryRemove(session.Name, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "A session of long poll ended")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
