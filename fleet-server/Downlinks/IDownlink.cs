using Messaging.FleetServer.Relaying;
using Messaging.Wire;

namespace Messaging.FleetServer.Downlinks;

/// <summary>Sealed records to devices. Records to one device keep their order; devices do not wait for each other.</summary>
internal interface IDownlink
{
    /// <summary>Seals a record in the device's current epoch, which is opened when there is none, and publishes it.</summary>
    Task<PublishResult> SendAsync(
        PrincipalId device, uint streamId, uint recordType, ReadOnlyMemory<byte> plaintext, CancellationToken cancellationToken);

    /// <summary>The device has forgotten the current epoch or has another key: the next record opens a new one.</summary>
    void Renew(PrincipalId device);

    /// <summary>The device asks for the opening of an epoch that it does not know.</summary>
    Task RepeatOpeningAsync(PrincipalId device, Kid kid, CancellationToken cancellationToken);
}
