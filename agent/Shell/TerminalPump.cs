using System.Runtime.InteropServices;

namespace Messaging.Agent.Shell;

/// <summary>
/// Carries bytes between a terminal and whoever sits at it, on a thread of its own, and sees the program end. It reads one piece ahead and no
/// further: a program that writes more waits. Thread-safe.
/// </summary>
internal sealed unsafe class TerminalPump : IDisposable
{
    private const int PieceBytes = 16 * 1024;

    /// <summary>The end of a program is looked for so often: it makes itself heard only when nobody else has the terminal open.</summary>
    private const int LookMilliseconds = 250;

    /// <summary>After a hang-up a program has so many looks of 20 ms to end before it is killed, and as many again.</summary>
    private const int MaxHangUpLooks = 25;
    private const int HangUpLookMilliseconds = 20;
    private const int StackBytes = 256 * 1024;
    private readonly Terminal _terminal;
    private readonly ITerminalProgram _program;
    private readonly Action _changed;
    private readonly int _wake;
    private readonly Lock _gate = new();
    private readonly Queue<ReadOnlyMemory<byte>> _input = new();
    private readonly Thread _thread;
    private ReadOnlyMemory<byte> _output;
    private int _written;
    private bool _isHungUp;
    private volatile bool _isClosing;
    private volatile bool _hasEnded;

    /// <param name="terminal">Disposed with this.</param>
    /// <param name="program">Runs on it.</param>
    /// <param name="changed">Called on the thread when there is output, or room for input, or the end.</param>
    /// <exception cref="IOException">The system has no more descriptors.</exception>
    public TerminalPump(Terminal terminal, ITerminalProgram program, Action changed)
    {
        _terminal = terminal;
        _program = program;
        _changed = changed;
        _wake = TerminalNative.EventDescriptor(0, TerminalNative.CloseOnExec | TerminalNative.NonBlocking);
        if (_wake < 0)
        {
            throw Terminal.Failed("a terminal cannot be served");
        }

        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "terminal" };
        _thread.Start();
    }

    /// <summary>The program's exit code, 128 and its number after a signal; null while it runs or there is output to be taken.</summary>
    public int? ExitCode
    {
        get
        {
            lock (_gate)
            {
                return _hasEnded && _output.IsEmpty ? _program.ExitCode : null;
            }
        }
    }

    /// <summary>Pieces of input that were written since the last call.</summary>
    public int TakeWritten()
    {
        lock (_gate)
        {
            var written = _written;
            _written = 0;
            return written;
        }
    }

    /// <summary>What is typed.</summary>
    public void Write(ReadOnlyMemory<byte> bytes)
    {
        lock (_gate)
        {
            _input.Enqueue(bytes);
        }

        Wake();
    }

    /// <summary>What was written last; empty when there is nothing.</summary>
    public ReadOnlyMemory<byte> Read()
    {
        ReadOnlyMemory<byte> output;
        lock (_gate)
        {
            output = _output;
            _output = default;
        }

        if (!output.IsEmpty)
        {
            Wake();
        }

        return output;
    }

    /// <summary>Hangs up, kills what does not heed it, and waits for the end.</summary>
    public void Dispose()
    {
        _isClosing = true;
        Wake();
        _thread.Join();
        _ = TerminalNative.Close(_wake);
        _terminal.Dispose();
    }

    private void Wake()
    {
        var one = 1UL;
        _ = TerminalNative.Write(_wake, (byte*)&one, sizeof(ulong));
    }

    private void Run()
    {
        var buffer = new byte[PieceBytes];
        while (!_isClosing && !_hasEnded)
        {
            Turn(buffer);
        }

        if (!_hasEnded)
        {
            HangUp();
        }
    }

    /// <summary>Waits for something to do, and does it.</summary>
    private void Turn(byte[] buffer)
    {
        bool wantsOutput, hasInput;
        lock (_gate)
        {
            wantsOutput = _output.IsEmpty && !_isHungUp;
            hasInput = _input.Count > 0 && !_isHungUp;
        }

        var events = (short)((wantsOutput ? TerminalNative.PollIn : 0) | (hasInput ? TerminalNative.PollOut : 0));
        var entries = stackalloc TerminalNative.PollEntry[2];

        // A hang-up is reported whether it is asked for or not: without anything to do there, it is not asked at all.
        entries[0] = new TerminalNative.PollEntry { Descriptor = events == 0 ? -1 : _terminal.Descriptor, Events = events };
        entries[1] = new TerminalNative.PollEntry { Descriptor = _wake, Events = TerminalNative.PollIn };
        _ = TerminalNative.Poll(entries, 2, LookMilliseconds);
        ulong count;
        _ = TerminalNative.Read(_wake, (byte*)&count, sizeof(ulong));
        var happened = entries[0].Happened;
        var moved = false;
        if (wantsOutput && (happened & (TerminalNative.PollIn | TerminalNative.PollHangUp | TerminalNative.PollError)) != 0)
        {
            moved = ReadPiece(buffer);
        }

        if (hasInput && happened != 0)
        {
            moved |= WritePiece();
        }

        Look(mayEnd: !moved && wantsOutput);
        if (moved || _hasEnded)
        {
            _changed();
        }
    }

    private bool ReadPiece(byte[] buffer)
    {
        nint read;
        fixed (byte* start = buffer)
        {
            read = TerminalNative.Read(_terminal.Descriptor, start, (nuint)buffer.Length);
        }

        if (read > 0)
        {
            lock (_gate)
            {
                _output = buffer.AsMemory(0, (int)read).ToArray();
            }

            return true;
        }

        // EIO: no program has the terminal open any more.
        _isHungUp = read == 0 || Marshal.GetLastPInvokeError() is not (TerminalNative.TryAgain or TerminalNative.Interrupted);
        return false;
    }

    private bool WritePiece()
    {
        ReadOnlyMemory<byte> piece;
        lock (_gate)
        {
            piece = _input.Peek();
        }

        nint written;
        using (var pinned = piece.Pin())
        {
            written = piece.IsEmpty ? 0 : TerminalNative.Write(_terminal.Descriptor, (byte*)pinned.Pointer, (nuint)piece.Length);
        }

        if (written < 0 && Marshal.GetLastPInvokeError() is TerminalNative.TryAgain or TerminalNative.Interrupted)
        {
            return false;
        }

        lock (_gate)
        {
            // A terminal that hung up takes nothing more, and nobody waits for it.
            var rest = written < 0 ? default : piece[(int)written..];
            _input.Dequeue();
            if (rest.IsEmpty)
            {
                _written++;
            }
            else
            {
                Return(rest);
            }
        }

        return true;
    }

    /// <summary>To the head of the queue.</summary>
    private void Return(ReadOnlyMemory<byte> rest)
    {
        var others = _input.ToArray();
        _input.Clear();
        _input.Enqueue(rest);
        foreach (var other in others)
        {
            _input.Enqueue(other);
        }
    }

    /// <summary>Whether the program has ended; what it wrote last is read before.</summary>
    private void Look(bool mayEnd)
    {
        if (_isHungUp || mayEnd)
        {
            _hasEnded = _program.ExitCode is not null;
        }
    }

    private void HangUp()
    {
        _program.HangUp();
        _terminal.Dispose();
        for (var look = 0; _program.ExitCode is null && look < 2 * MaxHangUpLooks; look++)
        {
            if (look == MaxHangUpLooks)
            {
                _program.Kill();
            }

            _ = TerminalNative.Poll(null, 0, HangUpLookMilliseconds);
        }
    }
}
