using Messaging.Relay.Storage;
using Messaging.Wire;

namespace Messaging.Relay.Channels;

/// <summary>A record comes.</summary>
internal sealed class AppendWrite(ChannelRegistry registry, Channel channel, byte[] body) : ChannelWrite(registry, channel)
{
    private readonly TaskCompletionSource<AppendResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ChannelRecord? _record;

    public Task<AppendResult> Result => _result.Task;

    public override int Size => body.Length + 256;

    public override void Apply()
    {
        if (!Channel.IsRemoved)
        {
            _record = Registry.Append(Channel, body);
        }
    }

    public override void Complete(StoreOutcome outcome)
    {
        if (outcome == StoreOutcome.Durable && _record is { } record)
        {
            Registry.Commit(Channel, record);
            _result.SetResult(new AppendResult(AppendStatus.Durable, (long)record.Offset, record.UnixMs));
        }
        else
        {
            _result.SetResult(new AppendResult(outcome == StoreOutcome.Durable ? AppendStatus.Gone : Status(outcome), 0, 0));
        }
    }
}
