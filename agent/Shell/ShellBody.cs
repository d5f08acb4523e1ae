using Messaging.Agent.Sessions;
using Messaging.Sessions;

namespace Messaging.Agent.Shell;

/// <summary>A shell on a terminal of its own.</summary>
internal sealed class ShellBody : SessionBody
{
    private readonly Terminal _terminal;
    private readonly TerminalPump _pump;
    private readonly Queue<SessionMessage> _writing = new();
    private readonly Queue<SessionMessage> _taken = new();
    private ReadOnlyMemory<byte> _notice;
    private int _written;
    private bool _isDisposed;

    /// <param name="terminal">Disposed with this.</param>
    /// <param name="program">Runs on it.</param>
    /// <param name="notice">Shown before what the program writes.</param>
    public ShellBody(Terminal terminal, ITerminalProgram program, ReadOnlyMemory<byte> notice = default)
    {
        _terminal = terminal;
        _notice = notice;
        _pump = new TerminalPump(terminal, program, HasChanged);
    }

    public override SessionEnd? End => _pump.ExitCode is { } code ? new SessionEnd(SessionEndReason.Done, code, $"The shell has ended with exit code {code}.") : null;

    public override void Take(SessionMessage message)
    {
        if (message is { Kind: SessionMessageKind.Data, Body.IsEmpty: false })
        {
            _writing.Enqueue(message);
            _pump.Write(message.Body);
            return;
        }

        if (message.Kind == SessionMessageKind.Resize && TerminalSize.TryDecode(message.Body.Span, out var size))
        {
            _terminal.Resize(size);
        }

        _taken.Enqueue(message);
    }

    public override SessionMessage? NextTaken()
    {
        for (_written += _pump.TakeWritten(); _written > 0; _written--)
        {
            _taken.Enqueue(_writing.Dequeue());
        }

        return _taken.TryDequeue(out var taken) ? taken : null;
    }

    public override SessionMessage? NextToSend()
    {
        var output = _notice.IsEmpty ? _pump.Read() : _notice;
        _notice = default;
        return output.IsEmpty ? null : new SessionMessage(SessionMessageKind.Data, output);
    }

    public override void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _pump.Dispose();
        }
    }
}
