using Messaging.Relay.Storage;

namespace Messaging.Relay.Channels;

/// <summary>A channel is made.</summary>
internal sealed class CreateWrite(ChannelRegistry registry, Channel channel) : ChannelWrite(registry, channel)
{
    private readonly TaskCompletionSource<AppendStatus> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<AppendStatus> Result => _result.Task;

    public override int Size => Channel.Description.Descriptor.Length + 256;

    public override void Apply() => Registry.Table.Insert(Channel.Number, Channel.Description);

    public override void Complete(StoreOutcome outcome)
    {
        Registry.Created(Channel, outcome == StoreOutcome.Durable);
        _result.SetResult(Status(outcome));
    }
}
