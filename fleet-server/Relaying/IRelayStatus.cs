namespace Messaging.FleetServer.Relaying;

/// <summary>What is known of the link to the relay.</summary>
internal interface IRelayStatus
{
    RelaySnapshot Current { get; }
}
