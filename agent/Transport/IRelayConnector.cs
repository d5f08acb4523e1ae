using Messaging.Crypto;

namespace Messaging.Agent.Transport;

/// <summary>Opens connections to relays.</summary>
internal interface IRelayConnector
{
    /// <summary>Connects, authenticates and subscribes to everything that is for this device.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="terms">How.</param>
    /// <param name="identity">The key that the relay is to know.</param>
    /// <param name="receive">Called for each frame, one after the other; the next one waits for it.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="RelayRefusedException">It did not come about.</exception>
    /// <exception cref="OperationCanceledException">Whoever wanted it gave up; nothing else is thrown then.</exception>
    Task<IRelayConnection> ConnectAsync(
        RelayEndpoint endpoint, ConnectTerms terms, IdentityKey identity, Func<ReadOnlyMemory<byte>, Task> receive, CancellationToken ct);
}
