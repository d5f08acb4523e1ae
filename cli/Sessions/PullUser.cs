using System.Threading.Channels;
using Messaging.Cli.Hosting;
using Messaging.Sessions;

namespace Messaging.Cli.Sessions;

/// <summary>Takes a file, and has it whole, verified and durable before the device is told so.</summary>
internal sealed class PullUser : FileUser
{
    private readonly PullTarget _target;
    private readonly Channel<SessionMessage> _came = Channel.CreateUnbounded<SessionMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writing;
    private FileStart? _start;

    /// <param name="target">Where it goes. Nobody else touches it until this is disposed.</param>
    /// <param name="progress">Says how far it is.</param>
    public PullUser(PullTarget target, TransferProgress progress)
        : base(progress)
    {
        _target = target;
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>The file is there.</summary>
    public bool IsStored { get; private set; }

    public override SessionEnd Farewell => new(IsStored ? SessionEndReason.Done : SessionEndReason.Closed, null, "");

    public override void Take(SessionMessage message) => _came.Writer.TryWrite(message);

    public override SessionMessage? NextToSend() => null;

    public override void Dispose()
    {
        base.Dispose();
        _writing.Wait();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (!IsStored)
            {
                var message = await _came.Reader.ReadAsync(Stopping);
                Deal(message);
                Took(message);
            }

            Leave(null);
        }
        catch (OperationCanceledException)
        {
            // It was ended.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CliException)
        {
            Leave(e);
        }
    }

    private void Deal(SessionMessage message)
    {
        switch (message.Kind)
        {
            case SessionMessageKind.Start when _start is null && FileStart.TryDecode(message.Body.Span, out var start):
                _start = start;
                _target.Begin(start);
                Progress.Begin(start.Offset, start.Size);
                break;

            case SessionMessageKind.Data when _start is not null:
                _target.Write(message.Body.Span);
                Progress.Report(_target.Length);
                break;

            case SessionMessageKind.Sum when _start is not null && FileSum.TryDecode(message.Body.Span, out var sha256):
                _target.Finish(sha256);
                IsStored = true;
                break;

            case SessionMessageKind.Start or SessionMessageKind.Data or SessionMessageKind.Sum:
                throw new CliException("The device sends something else than a file.");
        }
    }
}
