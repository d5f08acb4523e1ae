using System.Runtime.InteropServices;

namespace Messaging.Agent.Shell;

/// <summary>A child of this process, the leader of a session of its own.</summary>
/// <param name="process">Its id; nobody else waits for it.</param>
internal sealed unsafe class ChildProgram(int process) : ITerminalProgram
{
    private const int Unknown = 255;
    private int? _exitCode;

    public int ProcessId { get; } = process;

    public int? ExitCode
    {
        get
        {
            if (_exitCode is null)
            {
                int status;
                var waited = TerminalNative.Wait(ProcessId, &status, TerminalNative.NoHang);
                if (waited != 0 && !(waited < 0 && Marshal.GetLastPInvokeError() == TerminalNative.Interrupted))
                {
                    // The low seven bits are the signal that ended it; without one, the next eight are the exit code.
                    var signal = status & 0x7f;
                    _exitCode = waited < 0 ? Unknown : signal == 0 ? (status >> 8) & 0xff : 128 + signal;
                }
            }

            return _exitCode;
        }
    }

    public void HangUp() => Signal(TerminalNative.HangUp);

    public void Kill() => Signal(TerminalNative.KillSignal);

    /// <summary>To it and what shares its process group; never after its end, when the number may be somebody else's.</summary>
    private void Signal(int signal)
    {
        if (_exitCode is null)
        {
            _ = TerminalNative.Signal(-ProcessId, signal);
        }
    }
}
