using Messaging.Agent.Sessions;
using Messaging.Agent.Uplink;
using Messaging.Sessions;

namespace Messaging.Agent.Shell.Login;

/// <summary>A shell of the helper. One piece of output is read ahead, and no more: a program that writes more waits.</summary>
internal sealed class LoginBody : SessionBody
{
    private readonly LoginConnection _login;
    private readonly CancellationTokenSource _closing = new();
    private readonly Signal _toWrite = new();
    private readonly Signal _room = new();
    private readonly Lock _gate = new();
    private readonly Queue<SessionMessage> _writing = new();
    private readonly Queue<SessionMessage> _taken = new();
    private ReadOnlyMemory<byte> _output;
    private SessionEnd? _end;

    /// <param name="login">Disposed with this.</param>
    public LoginBody(LoginConnection login)
    {
        _login = login;
        var ct = _closing.Token;
        _ = Task.Run(() => GuardAsync(WriteAsync, ct), CancellationToken.None);
        _ = Task.Run(() => GuardAsync(ReadAsync, ct), CancellationToken.None);
    }

    public override SessionEnd? End
    {
        get
        {
            lock (_gate)
            {
                return _output.IsEmpty ? _end : null;
            }
        }
    }

    public override void Take(SessionMessage message)
    {
        lock (_gate)
        {
            _writing.Enqueue(message);
        }

        _toWrite.Set();
    }

    public override SessionMessage? NextTaken()
    {
        lock (_gate)
        {
            return _taken.TryDequeue(out var taken) ? taken : null;
        }
    }

    public override SessionMessage? NextToSend()
    {
        ReadOnlyMemory<byte> output;
        lock (_gate)
        {
            output = _output;
            _output = default;
        }

        if (output.IsEmpty)
        {
            return null;
        }

        _room.Set();
        return new SessionMessage(SessionMessageKind.Data, output);
    }

    public override void Dispose()
    {
        _closing.Cancel();
        _login.Dispose();
    }

    private static ReadOnlyMemory<byte> Frame(SessionMessage message) =>
        message is { Kind: SessionMessageKind.Data, Body.Length: > 0 and <= LoginFrame.MaxBody } ? LoginFrame.Write(LoginFrameKind.Data, message.Body.Span)
        : message.Kind == SessionMessageKind.Resize && TerminalSize.TryDecode(message.Body.Span, out var size) ? LoginFrame.Resize(size)
        : default;

    /// <summary>Whatever breaks it is its end.</summary>
    private async Task GuardAsync(Func<CancellationToken, Task> run, CancellationToken ct)
    {
        try
        {
            await run(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The session is over.
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            Finish(new SessionEnd(SessionEndReason.Failed, null, "The helper with the shell has gone: " + e.Message));
        }
    }

    private async Task WriteAsync(CancellationToken ct)
    {
        while (true)
        {
            SessionMessage? message;
            lock (_gate)
            {
                _writing.TryPeek(out message);
            }

            if (message is null)
            {
                await _toWrite.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
                continue;
            }

            await _login.Stream.WriteAsync(Frame(message), ct);
            lock (_gate)
            {
                _taken.Enqueue(_writing.Dequeue());
            }

            HasChanged();
        }
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        while (true)
        {
            switch (await LoginFrame.ReadAsync(_login.Stream, ct))
            {
                case { Kind: LoginFrameKind.Data, Body: var bytes }:
                    await ShowAsync(bytes, ct);
                    break;
                case { Kind: LoginFrameKind.End, Body: [var code] }:
                    Finish(new SessionEnd(SessionEndReason.Done, code, $"The shell has ended with exit code {code}."));
                    return;
                default:
                    Finish(new SessionEnd(SessionEndReason.Failed, null, "The helper with the shell has gone. See: journalctl -u 'messaging-agent-shell*'"));
                    return;
            }
        }
    }

    private async Task ShowAsync(byte[] bytes, CancellationToken ct)
    {
        lock (_gate)
        {
            _output = bytes;
        }

        HasChanged();
        while (true)
        {
            lock (_gate)
            {
                if (_output.IsEmpty)
                {
                    return;
                }
            }

            await _room.WaitAsync(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }
    }

    private void Finish(SessionEnd end)
    {
        lock (_gate)
        {
            _end ??= end;
        }

        HasChanged();
    }
}
