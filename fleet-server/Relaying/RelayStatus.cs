using System.Collections.Immutable;

namespace Messaging.FleetServer.Relaying;

/// <inheritdoc cref="IRelayStatus"/>
internal sealed class RelayStatus(RelayLinkOptions options, TimeProvider time) : IRelayStatus
{
    private RelaySnapshot _current = new(
        RelayLinkState.Disconnected, options.Address, time.GetUtcNow(), null, 0, 0, 0, ImmutableDictionary<string, long>.Empty, null);

    public RelaySnapshot Current => Volatile.Read(ref _current);

    public void Enter(RelayLinkState state, string? error = null)
    {
        var now = time.GetUtcNow();
        Change(current => current with
        {
            State = state,
            Since = current.State == state ? current.Since : now,
            LastError = error ?? current.LastError,
        });
    }

    public void Change(Func<RelaySnapshot, RelaySnapshot> change) => ImmutableInterlocked.Update(ref _current, change);
}
