namespace Messaging.FleetServer.Relaying;

/// <summary>Publishes to the relay. Never throws for a relay that is gone.</summary>
internal interface IRelayPublisher
{
    Task<PublishResult> PublishAsync(string topic, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken);
}
