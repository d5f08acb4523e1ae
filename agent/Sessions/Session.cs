using System.Threading.Channels;
using Messaging.Agent.Uplink;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Agent.Sessions;

/// <summary>
/// One session: says that the device accepts, waits for the client, then passes messages between the client and what the session is for,
/// until one of them ends it or a limit does. A lost connection ends nothing: both sides send again what was not confirmed.
/// </summary>
/// <param name="device">Whose frames they are.</param>
/// <param name="id">The session.</param>
/// <param name="link">Disposed with this.</param>
/// <param name="accept">The packet that the client derives its keys from.</param>
/// <param name="limits">How long it may last.</param>
internal sealed class Session(
    PrincipalId device, SessionId id, SessionLink link, byte[] accept, SessionLimits limits, SessionOutbox outbox, SecurityLog security, TimeProvider time)
{
    /// <summary>Packets that arrived and are not read yet; the client sends again what is beyond.</summary>
    private const int MaxIncoming = 64;

    /// <summary>Milliseconds that the last word gets to arrive.</summary>
    private const long Farewell = 5000;
    private const long FarewellAtStop = 700;
    private const long FirstAcceptPause = 500;
    private const long LongestAcceptPause = 4000;

    private readonly Channel<byte[]> _incoming = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MaxIncoming) { SingleReader = true });
    private readonly Signal _wake = new();

    /// <summary>What came with the client's first word.</summary>
    private readonly Queue<SessionMessage> _early = new();
    private readonly long _began = time.GetTimestamp();
    private volatile bool _isReconnected;
    private SessionBody? _body;
    private SessionEnd? _end;
    private long _activeAt;
    private long _endedAt;

    public SessionId Id { get; } = id;

    /// <summary>What the client sent and was sent, in bytes.</summary>
    public long BytesIn { get; private set; }

    /// <inheritdoc cref="BytesIn"/>
    public long BytesOut { get; private set; }

    /// <summary>How long it has lasted.</summary>
    public TimeSpan Age => time.GetElapsedTime(_began);

    /// <summary>Whether it did what it was for, once it has ended.</summary>
    public bool IsDone => _end is { } end
        && (end.Reason == SessionEndReason.Done
            || (end.Reason is SessionEndReason.Closed or SessionEndReason.Idle or SessionEndReason.TooLong && _body is null or { IsDoneWhenClosed: true }));

    private long Now => (long)time.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>A packet of anybody who knows the session's name. Thread-safe.</summary>
    public void Receive(ReadOnlySpan<byte> packet)
    {
        if (!_incoming.Writer.TryWrite(packet.ToArray()))
        {
            security.Count("session-crowded");
        }

        _wake.Set();
    }

    /// <summary>Something that it waits for may have happened. Thread-safe.</summary>
    public void Wake() => _wake.Set();

    /// <summary>There is a new connection. Thread-safe.</summary>
    public void Reconnected()
    {
        _isReconnected = true;
        _wake.Set();
    }

    /// <summary>Runs to its end, and returns what that was.</summary>
    /// <param name="start">Begins what the session is for, once the client is there.</param>
    /// <param name="ct">Ends it: the agent stops.</param>
    public async Task<SessionEnd> RunAsync(Func<SessionBody> start, CancellationToken ct)
    {
        await using var stopping = ct.Register(_wake.Set);
        try
        {
            if (!await IsClientThereAsync(ct))
            {
                return _end = new SessionEnd(SessionEndReason.Lost, null, "Nobody came for the session.");
            }

            Begin(start);
            while (!Step(ct.IsCancellationRequested))
            {
                await WaitAsync(NextAt());
            }

            return _end!;
        }
        finally
        {
            _body?.Dispose();
            link.Dispose();
        }
    }

    /// <summary>Says that the device accepts until the client has said its first authentic word.</summary>
    private async Task<bool> IsClientThereAsync(CancellationToken ct)
    {
        var (sendAt, pause) = (0L, FirstAcceptPause);
        while (!ct.IsCancellationRequested && Now < limits.Introduction)
        {
            var now = Now;
            while (_incoming.Reader.TryRead(out var packet))
            {
                if (Take(packet, now))
                {
                    return true;
                }
            }

            if (_isReconnected)
            {
                (_isReconnected, sendAt) = (false, now);
            }

            if (now >= sendAt && outbox.HasRoom)
            {
                outbox.TrySend(Frame.WriteSession(device, Id, accept));
                sendAt = now + pause;
                pause = Math.Min(pause * 2, LongestAcceptPause);
            }

            await WaitAsync(outbox.HasRoom ? Math.Min(sendAt, limits.Introduction) : limits.Introduction);
        }

        return false;
    }

    private void Begin(Func<SessionBody> start)
    {
        _activeAt = Now;
        try
        {
            _body = start();
            _body.Changed += _wake.Set;
        }
        catch (IOException e)
        {
            _end = new SessionEnd(SessionEndReason.Failed, null, e.Message);
            return;
        }

        while (_early.TryDequeue(out var message))
        {
            Hand(message);
        }
    }

    /// <summary>Everything that can be done now.</summary>
    /// <returns>True when it is over.</returns>
    private bool Step(bool isStopping)
    {
        var now = Now;
        if (_isReconnected)
        {
            _isReconnected = false;
            link.Reconnected(now);
        }

        while (_incoming.Reader.TryRead(out var packet))
        {
            Take(packet, now);
        }

        if (_body is not null && _end is null)
        {
            Pass(now);
        }

        if (_endedAt == 0)
        {
            _end ??= _body?.End ?? (Limit(now, isStopping) is not { } limit ? null : _body?.EndWith(limit) ?? limit);
            if (_end is not null)
            {
                _body?.Dispose();
                _endedAt = Math.Max(now, 1);
                link.Send(new SessionMessage(SessionMessageKind.End, _end.Encode()));
            }
        }

        while (outbox.HasRoom && link.Next(now) is { } packet)
        {
            outbox.TrySend(Frame.WriteSession(device, Id, packet));
        }

        return _endedAt > 0 && (link.IsSettled || link.IsExhausted || now - _endedAt >= (isStopping ? FarewellAtStop : Farewell));
    }

    private void Pass(long now)
    {
        while (_body!.NextTaken() is { } taken)
        {
            link.Took(taken, now);
        }

        while (link.Outgoing < _body.MaxOutgoing && _body.NextToSend() is { } message)
        {
            BytesOut += message.Body.Length;
            _activeAt = now;
            link.Send(message);
        }
    }

    /// <returns>Whether it was the client's.</returns>
    private bool Take(byte[] packet, long now)
    {
        var verdict = link.Receive(packet, now, out var message);
        switch (verdict)
        {
            case SessionVerdict.Malformed or SessionVerdict.TooMuch:
                security.Count("session-malformed");
                return false;
            case SessionVerdict.NotAuthentic:
                security.Count("session-not-authentic");
                return false;
            case SessionVerdict.Replayed:
                security.Count("session-replayed");
                return false;
        }

        if (message is not null)
        {
            if (_body is null && _end is null)
            {
                _early.Enqueue(message);
            }
            else
            {
                Hand(message);
            }
        }

        return true;
    }

    private void Hand(SessionMessage message)
    {
        if (message.Kind == SessionMessageKind.End)
        {
            _end ??= _body!.End ?? _body.Close(SessionEnd.TryDecode(message.Body.Span, out var said) ? said : null);
            return;
        }

        BytesIn += message.Body.Length;
        if (_end is null)
        {
            _activeAt = Now;
            _body!.Take(message);
        }
    }

    private SessionEnd? Limit(long now, bool isStopping)
    {
        if (isStopping)
        {
            return new SessionEnd(SessionEndReason.Stopping, null, "The agent stops.");
        }

        if (now - link.LastHeard >= limits.Silence)
        {
            return new SessionEnd(SessionEndReason.Lost, null, "The client was not heard for too long.");
        }

        if (_body is { IsBusy: true })
        {
            _activeAt = now;
        }
        else if (now - _activeAt >= limits.Idle)
        {
            return new SessionEnd(SessionEndReason.Idle, null, "Nothing came or went for too long (Sessions:Idle).");
        }

        return now >= limits.Longest || link.IsExhausted
            ? new SessionEnd(SessionEndReason.TooLong, null, "It has lasted as long as a session may (Sessions:Longest).")
            : null;
    }

    private long NextAt()
    {
        var at = _endedAt > 0
            ? _endedAt + Farewell
            : Math.Min(Math.Min(link.LastHeard + limits.Silence, _activeAt + limits.Idle), limits.Longest);

        // Without room, the news that there is some wakes it.
        return outbox.HasRoom ? Math.Min(at, link.NextAt) : at;
    }

    private async Task WaitAsync(long until)
    {
        var left = until - Now;
        if (left > 0)
        {
            await _wake.WaitAsync(TimeSpan.FromMilliseconds(Math.Min(left, 60_000)), time, CancellationToken.None);
        }
    }
}
