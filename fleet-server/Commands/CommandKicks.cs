using System.Threading.Channels;
using Messaging.Wire;

namespace Messaging.FleetServer.Commands;

/// <summary>Devices whose commands deserve a look now, not at the next review.</summary>
internal sealed class CommandKicks
{
    private readonly Channel<(PrincipalId Device, bool Reopened)> _kicks = Channel.CreateUnbounded<(PrincipalId, bool)>();

    public void Kick(PrincipalId device, bool reopened) => _kicks.Writer.TryWrite((device, reopened));

    public IAsyncEnumerable<(PrincipalId Device, bool Reopened)> ReadAllAsync(CancellationToken cancellationToken) =>
        _kicks.Reader.ReadAllAsync(cancellationToken);
}
