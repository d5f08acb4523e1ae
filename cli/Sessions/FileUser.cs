using System.Collections.Concurrent;
using Messaging.Cli.Hosting;
using Messaging.Sessions;

namespace Messaging.Cli.Sessions;

/// <summary>A file at this end of a session. What touches the disk is done beside the session's loop.</summary>
internal abstract class FileUser(TransferProgress progress) : SessionUser, IDisposable
{
    private readonly ConcurrentQueue<SessionMessage> _taken = new();
    private readonly CancellationTokenSource _stop = new();
    private volatile bool _wantsEnd;
    private volatile Exception? _failure;
    private string _waiting = "";

    /// <summary>What went wrong at this end; null: nothing.</summary>
    public Exception? Failure => _failure;

    public override bool WantsEnd => _wantsEnd;

    public override long MaxOutgoing => FileStart.Window;

    protected TransferProgress Progress { get; } = progress;

    protected CancellationToken Stopping => _stop.Token;

    public override SessionMessage? NextTaken() => _taken.TryDequeue(out var taken) ? taken : null;

    public override void Say(SessionState state, string detail)
    {
        var line = state switch
        {
            SessionState.Opening => detail == _waiting ? "" : $"Waiting for the device: {detail}",
            SessionState.Interrupted => $"Connection lost: {detail}. It goes on when there is one again.",
            _ => "",
        };
        _waiting = detail;
        if (line.Length > 0)
        {
            Progress.Note("fleetctl: " + TerminalText.Line(line));
        }
    }

    /// <summary>Waits until this end has let go of the file.</summary>
    public virtual void Dispose()
    {
        _stop.Cancel();
        Progress.End();
    }

    protected void Took(SessionMessage message)
    {
        _taken.Enqueue(message);
        HasChanged();
    }

    /// <summary>This end has what it wanted, or cannot go on.</summary>
    protected void Leave(Exception? failure)
    {
        _failure = failure;
        _wantsEnd = true;
        HasChanged();
    }
}
