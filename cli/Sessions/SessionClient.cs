using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Sessions;

namespace Messaging.Cli.Sessions;

/// <summary>
/// This end of a session: believes nobody but the device, keeps a connection to the server, and goes on with the same session when that was lost.
/// </summary>
/// <param name="order">What was asked for.</param>
/// <param name="connect">A new connection; an unavailable server is tried again.</param>
/// <param name="state">How the command is, until the device has answered.</param>
/// <param name="time">The clock.</param>
internal sealed class SessionClient(
    SessionOrder order, Func<Action, CancellationToken, Task<SessionConnection>> connect, Func<CancellationToken, Task<CommandReply>> state, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>Milliseconds without a word of the device after which this end gives up: as long as the device waits by default.</summary>
    private const long Patience = 5 * 60_000;

    /// <summary>Milliseconds that something may be unconfirmed before people are told.</summary>
    private const long Doubt = 3000;
    private const long FirstPause = 250;
    private const long LongestPause = 5000;
    private const long StatePause = 1000;
    private const long Farewell = 3000;

    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly long _began = time.GetTimestamp();
    private SessionConnection? _connection;
    private SessionLink? _link;
    private SessionEnd? _end;
    private SessionState _said = SessionState.Opening;
    private long _reconnectAt;
    private long _pause = FirstPause;
    private long _askAt = StatePause;
    private long _leaveAt = long.MaxValue;

    /// <summary>Packets that were refused: not the device's, changed or repeated.</summary>
    public long Refused { get; private set; }

    private long Now => (long)time.GetElapsedTime(_began).TotalMilliseconds;

    /// <summary>Connects before the command is sent, so that the device's answer finds somebody.</summary>
    public async Task ConnectAsync(CancellationToken ct) => _connection = await connect(Wake, ct);

    /// <summary>Runs until one of both ends it.</summary>
    /// <param name="user">Sits here.</param>
    /// <param name="ct">Ends it: an open session is closed before, so that the device does not wait for somebody to come back.</param>
    /// <exception cref="CliException">It could not be opened, or cannot go on.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<SessionEnd> RunAsync(SessionUser user, CancellationToken ct)
    {
        user.Changed += Wake;
        using var closing = new CancellationTokenSource();
        await using var ended = ct.Register(() =>
        {
            closing.CancelAfter(TimeSpan.FromMilliseconds(2 * Farewell));
            Wake();
        });
        try
        {
            while (true)
            {
                if (_link is null || closing.IsCancellationRequested)
                {
                    ct.ThrowIfCancellationRequested();
                }

                await KeepConnectedAsync(_link is null ? ct : closing.Token);
                Receive(user);
                if (_link is null)
                {
                    await AskAsync(user, ct);
                }
                else
                {
                    Pass(user, _link, ct.IsCancellationRequested);
                    await SendAsync(_link);
                }

                if (_end is not null)
                {
                    ct.ThrowIfCancellationRequested();
                    return _end;
                }

                Tell(user);
                await WaitAsync(_link is null ? ct : closing.Token);
            }
        }
        finally
        {
            user.Changed -= Wake;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _link?.Dispose();
        _wake.Dispose();
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    private async Task KeepConnectedAsync(CancellationToken ct)
    {
        if (_connection is { HasEnded: true } ended)
        {
            if (ended.FinalReason is { } reason)
            {
                throw new CliException(reason);
            }

            await ended.DisposeAsync();
            _connection = null;
            _reconnectAt = Now + _pause;
        }

        if (_connection is not null || Now < _reconnectAt)
        {
            return;
        }

        try
        {
            _connection = await connect(Wake, ct);
            _pause = FirstPause;
            _link?.Reconnected(Now);
        }
        catch (CliException e) when (e.Code == ExitCodes.Unavailable)
        {
            _pause = Math.Min(_pause * 2, LongestPause);
            _reconnectAt = Now + _pause;
        }
    }

    private void Receive(SessionUser user)
    {
        while (_connection is not null && _connection.Incoming.TryRead(out var packet))
        {
            if (_link is null)
            {
                Accept(packet);
            }
            else if (packet[0] != (byte)SessionPacketKind.Accept)
            {
                var refused = _link.Refused;
                _link.Receive(packet, Now, out var message);
                Refused += _link.Refused - refused;
                if (message is { Kind: SessionMessageKind.End })
                {
                    _end ??= SessionEnd.TryDecode(message.Body.Span, out var end) ? end : new SessionEnd(SessionEndReason.Failed, null, "The device has ended the session.");
                }
                else if (message is not null)
                {
                    user.Take(message);
                }
            }
        }
    }

    /// <summary>Whoever else answers, the server included, is not the device.</summary>
    private void Accept(byte[] packet)
    {
        if (SessionAccept.TryVerify(packet, order.Command, order.Device, order.Arguments, out var accept))
        {
            _link = new SessionLink(SessionKeys.Derive(order.Key, accept.Device, accept.Payload.Span), isDevice: false, order.Window, Now);
        }
        else
        {
            Refused++;
        }
    }

    private void Pass(SessionUser user, SessionLink link, bool isStopping)
    {
        var now = Now;
        while (user.NextTaken() is { } taken)
        {
            link.Took(taken, now);
        }

        while (_leaveAt == long.MaxValue && link.Outgoing < user.MaxOutgoing && user.NextToSend() is { } message)
        {
            link.Send(message);
        }

        if ((user.WantsEnd || isStopping) && _leaveAt == long.MaxValue)
        {
            _leaveAt = now + Farewell;
            link.Send(new SessionMessage(SessionMessageKind.End, user.Farewell.Encode()));
        }

        if (now >= _leaveAt)
        {
            _end ??= new SessionEnd(SessionEndReason.Closed, null, "Closed; the device has not said so yet.");
        }
        else if (now - link.LastHeard >= Patience)
        {
            throw new CliException("The device was not heard for 5 minutes: it has closed the session by now.", ExitCodes.Unavailable);
        }
        else if (link.IsExhausted)
        {
            throw new CliException("The session has lasted too long. Open another one.");
        }
    }

    private async Task SendAsync(SessionLink link)
    {
        while (_connection is { HasEnded: false } connection && link.Next(Now) is { } packet)
        {
            if (!await connection.TrySendAsync(packet))
            {
                return;
            }
        }
    }

    /// <summary>Until the device has answered, the command says what becomes of it.</summary>
    private async Task AskAsync(SessionUser user, CancellationToken ct)
    {
        if (Now < _askAt)
        {
            return;
        }

        CommandReply reply;
        try
        {
            reply = await state(ct);
        }
        catch (CliException e) when (e.Code == ExitCodes.Unavailable)
        {
            user.Say(SessionState.Opening, e.Message);
            _askAt = Now + StatePause;
            return;
        }

        _askAt = Now + StatePause;
        if (reply.HasEnded)
        {
            throw new CliException(Refused > 0
                ? $"{reply.EndLine} — and {Refused} answers came that are not the device's: somebody between here and the device made them up."
                : reply.EndLine);
        }

        user.Say(SessionState.Opening, reply.ProgressLine);
    }

    private void Tell(SessionUser user)
    {
        if (_link is null)
        {
            return;
        }

        var isOpen = _connection is { HasEnded: false } && !(_link.WaitingSince is { } since && Now - since > Doubt);
        var current = isOpen ? SessionState.Open : SessionState.Interrupted;
        if (current != _said)
        {
            _said = current;
            user.Say(current, _connection is null ? "the server cannot be reached" : isOpen ? "" : "the device does not answer");
        }
    }

    private async Task WaitAsync(CancellationToken ct)
    {
        var now = Now;
        var at = Math.Min(_connection is null ? _reconnectAt : long.MaxValue, _leaveAt);
        at = _link is null ? Math.Min(at, _askAt)
            : Math.Min(Math.Min(at, _link.WaitingSince + Doubt + 1 ?? long.MaxValue), _connection is null ? long.MaxValue : _link.NextAt);

        // Doubt that was voiced is not due again.
        if (_said == SessionState.Interrupted && at <= now && _connection is not null && _link is not null && _link.NextAt > now)
        {
            at = _link.NextAt;
        }

        var left = Math.Clamp(at - now, 0, StatePause);
        if (left > 0)
        {
            await _wake.WaitAsync(TimeSpan.FromMilliseconds(left), ct);
        }
    }
}
