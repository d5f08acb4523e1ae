using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>Takes a file that the client sends.</summary>
internal sealed class PushBody : FileBody
{
    private readonly PushWriter _writer;
    private readonly long _size;

    /// <param name="writer">Disposed with this.</param>
    /// <param name="size">Of the file.</param>
    /// <param name="cancelled">The command was cancelled.</param>
    public PushBody(PushWriter writer, long size, CancellationToken cancelled)
        : base(cancelled)
    {
        _writer = writer;
        _size = size;
        Start("push");
    }

    protected override string? Carry(CancellationToken ct)
    {
        var start = _writer.Begin(MakeWay, ct);
        Say(new SessionMessage(SessionMessageKind.Start, start.Encode()), ct);
        while (!_writer.IsWhole)
        {
            var message = Next(ct);
            _writer.Write(message.Body.Span);
            Took(message);
        }

        return _writer.Finish(TryCommit, ct);
    }

    protected override string LetGo()
    {
        var written = _writer.Written;
        var keeps = MayComeBack && written > 0;
        _writer.End(keeps);
        _writer.Dispose();
        return $"{written} of {_size} bytes came, and nothing was changed{(keeps ? "; the same push goes on there" : "")}.";
    }

    /// <summary>The same push has come once more, and goes on with what is there.</summary>
    private void MakeWay() => EndFromElsewhere(new SessionEnd(SessionEndReason.Lost, null, "Another push of the same file has taken its place."));
}
