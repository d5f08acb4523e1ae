using Messaging.Relay.Storage;

namespace Messaging.Relay.Channels;

/// <summary>The oldest records go: those before a time, or all with the channel.</summary>
internal sealed class TrimWrite(ChannelRegistry registry, Channel channel, long beforeMs, bool isRemoval) : ChannelWrite(registry, channel)
{
    private readonly TaskCompletionSource<AppendStatus> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isUnfinished;

    public Task<AppendStatus> Result => _result.Task;

    public override void Apply()
    {
        if (Channel.IsRemoved)
        {
            return;
        }

        _isUnfinished = Registry.Trim(Channel, isRemoval ? Channel.Pending.Bytes : 0, beforeMs);
        if (isRemoval && !_isUnfinished)
        {
            Registry.Table.Delete(Channel);
            Channel.IsRemoved = true;
        }
    }

    public override void Complete(StoreOutcome outcome)
    {
        if (outcome == StoreOutcome.Durable)
        {
            Registry.Commit(Channel, record: null);
            if (_isUnfinished)
            {
                // A little at a time: what is appended meanwhile need not wait for all of it.
                Registry.Store.Enqueue(this);
                return;
            }

            if (Channel.IsRemoved)
            {
                Registry.Removed(Channel);
            }
        }

        _result.SetResult(Status(outcome));
    }
}
