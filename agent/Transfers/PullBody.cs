using Messaging.Sessions;

namespace Messaging.Agent.Transfers;

/// <summary>Sends a file to the client, which says at the end that it has it.</summary>
internal sealed class PullBody : FileBody
{
    private readonly PullReader _reader;
    private volatile string? _sent;

    /// <param name="reader">Disposed with this.</param>
    /// <param name="cancelled">The command was cancelled.</param>
    public PullBody(PullReader reader, CancellationToken cancelled)
        : base(cancelled)
    {
        _reader = reader;
        Start("pull");
    }

    public override SessionEnd Close(SessionEnd? said) => said is { Reason: SessionEndReason.Done } && _sent is { } sent
        ? new SessionEnd(SessionEndReason.Done, null, sent)
        : base.Close(said);

    protected override string? Carry(CancellationToken ct)
    {
        var start = _reader.Begin(ct);
        Say(new SessionMessage(SessionMessageKind.Start, start.Encode()), ct);
        while (_reader.At < _reader.Size)
        {
            Say(new SessionMessage(SessionMessageKind.Data, _reader.Read(SessionMessage.MaxBytes)), ct);
        }

        var sha256 = _reader.Finish();
        Say(new SessionMessage(SessionMessageKind.Sum, FileSum.Encode(sha256)), ct);
        _sent = $"{_reader.Size} bytes; sha256 {Convert.ToHexStringLower(sha256)}";
        WaitForEnd(ct);
        return null;
    }

    protected override string LetGo()
    {
        _reader.Dispose();
        return $"{_reader.At} of {_reader.Size} bytes were read.";
    }
}
