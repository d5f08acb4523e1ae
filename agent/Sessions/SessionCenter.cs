using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Identity;
using Messaging.Agent.Uplink;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Sessions;

/// <summary>The sessions that operators have opened: each is a command that runs until it is over.</summary>
internal sealed partial class SessionCenter
{
    private readonly SessionOutbox _outbox;
    private readonly KeyStore _keys;
    private readonly SessionOptions _options;
    private readonly SessionLimits _limits;
    private readonly SecurityLog _security;
    private readonly TimeProvider _time;
    private readonly ILogger<SessionCenter> _logger;
    private readonly Lock _gate = new();
    private readonly List<Session> _sessions = [];

    public SessionCenter(VolatileOutbox outbox, KeyStore keys, AgentOptions options, SecurityLog security, TimeProvider time, ILogger<SessionCenter> logger)
    {
        _outbox = outbox.Sessions;
        _keys = keys;
        _options = options.Sessions;
        _limits = new SessionLimits(options.Sessions);
        _security = security;
        _time = time;
        _logger = logger;
        _outbox.Opened += () => Each(static session => session.Reconnected());
        _outbox.HasGivenRoom += () => Each(static session => session.Wake());
    }

    /// <summary>A packet that control passed on.</summary>
    public void Receive(SessionId id, ReadOnlySpan<byte> packet)
    {
        if (Find(id) is { } session)
        {
            session.Receive(packet);
        }
        else
        {
            _security.Count("session-unknown");
        }
    }

    /// <summary>Null, or why no session can be opened now.</summary>
    public string? Check(SessionId id)
    {
        lock (_gate)
        {
            return _sessions.Count >= _options.Max ? $"{_options.Max} sessions are open, and more are not allowed at a time (Sessions:Max)."
                : FindHeld(id) is not null ? "There is a session of this name."
                : null;
        }
    }

    /// <summary>Opens a session and returns when it is over.</summary>
    /// <param name="context">The command that opens it.</param>
    /// <param name="id">Its name.</param>
    /// <param name="client">The client's key for it.</param>
    /// <param name="window">Bytes that may be on their way to the device.</param>
    /// <param name="start">Begins what it is for; an <see cref="IOException"/> says why that cannot be.</param>
    /// <param name="ct">The agent stops.</param>
    public async Task<CommandResult> RunAsync(
        CommandContext context, SessionId id, HpkePublicKey client, long window, Func<SessionBody> start, CancellationToken ct)
    {
        var session = Open(context, id, client, window);
        lock (_gate)
        {
            if (_sessions.Count >= _options.Max || FindHeld(id) is not null)
            {
                return CommandResult.Failed("Another session was opened meanwhile.");
            }

            _sessions.Add(session);
        }

        LogOpened(context.Id, id);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, context.Cancelled);
            var end = await session.RunAsync(start, either.Token);
            LogEnded(id, end.Reason, session.Age.TotalSeconds, session.BytesIn, session.BytesOut);
            return context.Cancelled.IsCancellationRequested ? new CommandResult(CommandState.Cancelled, "It was cancelled while it was open.", end.ExitCode) : Result(end, session);
        }
        finally
        {
            lock (_gate)
            {
                _sessions.Remove(session);
            }
        }
    }

    private static CommandResult Result(SessionEnd end, Session session)
    {
        var message = $"{(end.Text.Length > 0 ? end.Text : "Ended.")} It lasted {session.Age.TotalSeconds:0} s; {session.BytesIn} bytes came, {session.BytesOut} went.";
        return new CommandResult(session.IsDone ? CommandState.Done : CommandState.Failed, message, end.ExitCode);
    }

    private Session Open(CommandContext context, SessionId id, HpkePublicKey client, long window)
    {
        var keys = _keys.Keys;
        using var own = HpkeKeyPair.Generate();
        var payload = SessionAccept.EncodePayload(context.Id, keys.DeviceId, context.Arguments.Span, own.Public);
        var accept = SessionAccept.Sign(keys.Identity, keys.Origin, payload);
        var link = new SessionLink(SessionKeys.Derive(own, client, payload), isDevice: true, window, now: 0);
        return new Session(keys.DeviceId, id, link, accept, _limits, _outbox, _security, _time);
    }

    private Session? Find(SessionId id)
    {
        lock (_gate)
        {
            return FindHeld(id);
        }
    }

    private Session? FindHeld(SessionId id)
    {
        foreach (var session in _sessions)
        {
            if (session.Id == id)
            {
                return session;
            }
        }

        return null;
    }

    private void Each(Action<Session> action)
    {
        lock (_gate)
        {
            foreach (var session in _sessions)
            {
                action(session);
            }
        }
    }

    [LoggerMessage(EventId = 3300, Level = LogLevel.Information, Message = "Session {Session} opened by command {Command}")]
    private partial void LogOpened(CommandId command, SessionId session);

    [LoggerMessage(EventId = 3301, Level = LogLevel.Information, Message = "Session {Session} ended after {Seconds:F0} s: {Reason}; {BytesIn} bytes in, {BytesOut} out")]
    private partial void LogEnded(SessionId session, SessionEndReason reason, double seconds, long bytesIn, long bytesOut);
}
