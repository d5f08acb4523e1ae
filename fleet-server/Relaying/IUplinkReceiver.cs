namespace Messaging.FleetServer.Relaying;

/// <summary>Takes what devices send. Must not block: the relay holds back what is not acknowledged.</summary>
internal interface IUplinkReceiver
{
    void Receive(UplinkMessage message);
}
