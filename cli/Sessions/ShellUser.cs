using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Threading.Channels;
using Messaging.Sessions;

namespace Messaging.Cli.Sessions;

/// <summary>Somebody, or a program, at a terminal: what is typed goes to the device, what comes is shown.</summary>
internal sealed class ShellUser : SessionUser, IDisposable
{
    private const int PieceBytes = 4096;

    /// <summary>Ctrl+D: a program that has nothing more to say ends the shell.</summary>
    private const byte EndOfInput = 4;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly TextWriter _notes;
    private readonly RawTerminal _terminal;
    private readonly Func<TerminalSize> _size;
    private readonly PosixSignalRegistration? _resized;
    private readonly Channel<SessionMessage> _typed = Channel.CreateBounded<SessionMessage>(8);
    private readonly Channel<SessionMessage> _shown = Channel.CreateUnbounded<SessionMessage>();
    private readonly ConcurrentQueue<SessionMessage> _taken = new();
    private readonly EscapeReader _escape = new();
    private readonly Task _showing;
    private readonly CancellationTokenSource _end = new();
    private volatile bool _hasResized;
    private volatile bool _wantsEnd;
    private string _waiting = "";

    /// <param name="input">Read to its end.</param>
    /// <param name="output">Where the device's terminal is shown.</param>
    /// <param name="notes">What is not of the device.</param>
    /// <param name="terminal">Of this process; disposed with this.</param>
    /// <param name="size">Its size now.</param>
    public ShellUser(Stream input, Stream output, TextWriter notes, RawTerminal terminal, Func<TerminalSize> size)
    {
        _input = input;
        _output = output;
        _notes = notes;
        _terminal = terminal;
        _size = size;
        if (terminal.IsRaw && !OperatingSystem.IsWindows())
        {
            _resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ =>
            {
                _hasResized = true;
                HasChanged();
            });
        }

        _showing = Task.Run(ShowAsync);

        // Reading a terminal cannot be interrupted: it does not keep the process.
        new Thread(Type) { IsBackground = true, Name = "typing" }.Start();
    }

    public override bool WantsEnd => _wantsEnd;

    public override void Take(SessionMessage message) => _shown.Writer.TryWrite(message);

    public override SessionMessage? NextTaken() => _taken.TryDequeue(out var taken) ? taken : null;

    public override SessionMessage? NextToSend()
    {
        if (_hasResized)
        {
            _hasResized = false;
            return new SessionMessage(SessionMessageKind.Resize, _size().Encode());
        }

        return _typed.Reader.TryRead(out var message) ? message : null;
    }

    public override void Say(SessionState state, string detail)
    {
        if (state == SessionState.Opening && detail == _waiting)
        {
            return;
        }

        _waiting = detail;
        var line = state switch
        {
            SessionState.Opening => $"Waiting for the device: {detail}",
            SessionState.Interrupted => $"Connection lost: {detail}. Trying to go on; ~. leaves.",
            _ => _terminal.IsRaw ? "Connected." : "",
        };
        if (line.Length > 0)
        {
            // A raw terminal does not go back to the beginning of the line by itself.
            _notes.Write((_terminal.IsRaw ? "\r" : "") + "fleetctl: " + Hosting.TerminalText.Line(line) + (_terminal.IsRaw ? "\r\n" : "\n"));
            _notes.Flush();
        }
    }

    /// <summary>Shows what has come, and gives the terminal back.</summary>
    public void Dispose()
    {
        _resized?.Dispose();
        _shown.Writer.TryComplete();
        _end.CancelAfter(TimeSpan.FromSeconds(2));
        _showing.Wait();
        _terminal.Dispose();
        _end.Dispose();
    }

    private async Task ShowAsync()
    {
        try
        {
            await foreach (var message in _shown.Reader.ReadAllAsync())
            {
                if (message.Kind == SessionMessageKind.Data)
                {
                    await _output.WriteAsync(message.Body, _end.Token);
                    await _output.FlushAsync(_end.Token);
                }

                _taken.Enqueue(message);
                HasChanged();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Nobody reads what is shown any more.
            _wantsEnd = true;
            HasChanged();
        }
    }

    private void Type()
    {
        var buffer = new byte[PieceBytes];
        while (true)
        {
            int read;
            try
            {
                read = _input.Read(buffer);
            }
            catch (IOException)
            {
                read = 0;
            }

            var wantsEnd = false;
            var typed = read == 0 ? [EndOfInput] : _terminal.IsRaw ? _escape.Read(buffer.AsSpan(0, read), out wantsEnd) : buffer.AsSpan(0, read).ToArray();
            if (typed.Length > 0)
            {
                Hand(new SessionMessage(SessionMessageKind.Data, typed));
            }

            _wantsEnd |= wantsEnd;
            HasChanged();
            if (read == 0 || wantsEnd)
            {
                return;
            }
        }
    }

    /// <summary>Waits for room: a device that takes nothing holds up who types.</summary>
    private void Hand(SessionMessage message)
    {
        while (!_typed.Writer.TryWrite(message))
        {
            HasChanged();
            if (!_typed.Writer.WaitToWriteAsync().AsTask().GetAwaiter().GetResult())
            {
                return;
            }
        }
    }
}
