using System.Text;
using Messaging.Agent.Sessions;
using Messaging.Sessions;

namespace Messaging.Agent.Recordings;

/// <summary>A shell of which everything is recorded before it is shown: what cannot be recorded ends it.</summary>
internal sealed class RecordedBody : SessionBody
{
    private readonly SessionBody _shell;
    private readonly Recorder _recorder;
    private ReadOnlyMemory<byte> _notice;

    /// <param name="shell">Disposed with this.</param>
    /// <param name="recorder">Finished by this; whoever began it keeps what it made.</param>
    /// <param name="notice">Shown first.</param>
    public RecordedBody(SessionBody shell, Recorder recorder, string notice)
    {
        _shell = shell;
        _recorder = recorder;
        _notice = Encoding.UTF8.GetBytes(notice);
        shell.Changed += HasChanged;
        recorder.Changed += HasChanged;
    }

    public override SessionEnd? End => _recorder.Problem is { } problem ? Broken(problem) : _shell.End is { } end ? Finished(end) : null;

    public override long MaxOutgoing => _shell.MaxOutgoing;

    public override bool IsBusy => _shell.IsBusy;

    public override bool IsDoneWhenClosed => _recorder.Problem is null && _shell.IsDoneWhenClosed;

    public override void Take(SessionMessage message)
    {
        if (message.Kind == SessionMessageKind.Resize && TerminalSize.TryDecode(message.Body.Span, out var size))
        {
            _recorder.Resize(size);
        }

        _shell.Take(message);
    }

    public override SessionMessage? NextTaken() => _shell.NextTaken();

    public override SessionMessage? NextToSend()
    {
        if (_recorder.Problem is not null || !_recorder.HasRoom)
        {
            return null;
        }

        var message = _notice.IsEmpty ? _shell.NextToSend() : new SessionMessage(SessionMessageKind.Data, _notice);
        _notice = default;
        if (message is { Kind: SessionMessageKind.Data })
        {
            _recorder.Output(message.Body.Span);
        }

        return message;
    }

    public override SessionEnd Close(SessionEnd? said) => Finished(_shell.Close(said));

    public override SessionEnd EndWith(SessionEnd end) => Finished(_shell.EndWith(end));

    public override void Dispose()
    {
        _shell.Dispose();
        _recorder.Finish();
    }

    private static SessionEnd Broken(string problem) => new(SessionEndReason.Failed, null, $"The shell was ended, because it could not be recorded any more: {problem}.");

    /// <summary>It has ended well only when its recording has.</summary>
    private SessionEnd Finished(SessionEnd end) => _recorder.Finish() is { } problem ? Broken(problem) : end;
}
