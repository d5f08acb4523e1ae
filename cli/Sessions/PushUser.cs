using System.Threading.Channels;
using Messaging.Cli.Hosting;
using Messaging.Sessions;

namespace Messaging.Cli.Sessions;

/// <summary>Sends a file; the device says when it has it.</summary>
internal sealed class PushUser : FileUser
{
    private const int Ahead = 8;
    private readonly Stream _file;
    private readonly long _size;
    private readonly Channel<SessionMessage> _read = Channel.CreateBounded<SessionMessage>(Ahead);
    private Task _reading = Task.CompletedTask;
    private long _at;

    /// <param name="file">Nobody else touches it until this is disposed.</param>
    /// <param name="size">As it was announced.</param>
    /// <param name="progress">Says how far it is.</param>
    public PushUser(Stream file, long size, TransferProgress progress)
        : base(progress)
    {
        _file = file;
        _size = size;
    }

    public override void Take(SessionMessage message)
    {
        if (message.Kind == SessionMessageKind.Start && _reading.IsCompleted)
        {
            if (FileStart.TryDecode(message.Body.Span, out var start) && start.Size == _size)
            {
                _at = start.Offset;
                Progress.Begin(start.Offset, _size);
                _reading = Task.Run(() => ReadAsync(start.Offset));
            }
            else
            {
                Leave(new CliException("The device does not speak of this file."));
            }
        }

        Took(message);
    }

    public override SessionMessage? NextToSend()
    {
        if (!_read.Reader.TryRead(out var message))
        {
            return null;
        }

        _at += message.Body.Length;
        Progress.Report(_at);
        return message;
    }

    public override void Dispose()
    {
        base.Dispose();
        _reading.Wait();
    }

    private async Task ReadAsync(long from)
    {
        try
        {
            _file.Position = from;
            for (var left = _size - from; left > 0;)
            {
                var piece = new byte[(int)Math.Min(left, SessionMessage.MaxBytes)];
                await _file.ReadExactlyAsync(piece, Stopping);
                left -= piece.Length;
                await _read.Writer.WriteAsync(new SessionMessage(SessionMessageKind.Data, piece), Stopping);
                HasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // It was ended.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Leave(e is EndOfStreamException ? new CliException("The file has become shorter while it was sent. Push it again.") : e);
        }
    }
}
