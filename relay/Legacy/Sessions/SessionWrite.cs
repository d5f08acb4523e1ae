using Messaging.Relay.Limits;
using Messaging.Relay.Storage;

namespace Messaging.Relay.Legacy.Sessions;

/// <summary>A session begins, has come further, or ends.</summary>
internal sealed class SessionWrite(SessionTable table, LegacySession session, bool isRemoval) : StoreWrite
{
    private readonly long _position = session.Position;
    private readonly AddressKey? _address = session.LatestAddress;
    private readonly TaskCompletionSource<StoreOutcome> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<StoreOutcome> Result => _result.Task;

    public override int Size => (session.Context?.Text.Length ?? 0) + 512;

    public override void Apply()
    {
        if (isRemoval)
        {
            table.Delete(session);
        }
        else if (!session.Ended.IsCompleted)
        {
            table.Save(session, _position, _address);
        }
    }

    public override void Revert()
    {
        // Nothing in memory depends on it before it is told.
    }

    public override void Complete(StoreOutcome outcome)
    {
        if (outcome == StoreOutcome.Durable && !isRemoval)
        {
            (session.SavedPosition, session.SavedAddress) = (_position, _address);
        }

        _result.SetResult(outcome);
    }
}
