using Messaging.Enrolment;
using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Ingest;

/// <summary>Decides over a device's new keys. Pure.</summary>
internal static class KeyUpdates
{
    /// <summary>Identity keys of which a spool may still hold epochs.</summary>
    private const int MaxRetired = 16;

    /// <param name="device">Is changed when the keys are taken.</param>
    /// <param name="epochNo">The epoch that carries the update: the last that the replaced identity key may have signed.</param>
    /// <param name="receipt">The answer; null when it is no key update that this device signed with any of its keys.</param>
    /// <returns>Whether the device was changed.</returns>
    public static bool Apply(Device device, PrincipalId id, byte[] data, ulong epochNo, out KeyUpdateReceipt? receipt)
    {
        receipt = null;
        if (Verify(device.IdentityPoint, id, data) is { } update)
        {
            if (update.KeyNo > long.MaxValue || (long)update.KeyNo < device.KeyNo)
            {
                receipt = new KeyUpdateReceipt(update.KeyNo, false, $"The number {device.KeyNo} is in use already.");
                return false;
            }

            if ((long)update.KeyNo == device.KeyNo)
            {
                receipt = Repeated(device, update);
                return false;
            }

            Take(device, update, epochNo);
            receipt = new KeyUpdateReceipt(update.KeyNo, true, "");
            return true;
        }

        // Its receipt was lost, and the keys were taken: the key that signed it is the one that it replaced.
        if (device.RetiredIdentities.LastOrDefault() is { } retired
            && Verify(retired.Point, id, data) is { } repeated
            && (long)Math.Min(repeated.KeyNo, long.MaxValue) == device.KeyNo)
        {
            receipt = Repeated(device, repeated);
        }

        return false;
    }

    private static KeyUpdate? Verify(byte[] point, PrincipalId id, byte[] data) =>
        IdentityPublicKey.TryImport(point, out var key) && KeyUpdate.TryVerify(data, key, id, out var update) ? update : null;

    private static KeyUpdateReceipt Repeated(Device device, KeyUpdate update)
    {
        var same = update.HpkeKey.Point.SequenceEqual(device.HpkePoint)
            && (update.Identity is null || update.Identity.Point.SequenceEqual(device.IdentityPoint));
        return new KeyUpdateReceipt(update.KeyNo, same, same ? "" : "The number is in use already, with other keys.");
    }

    private static void Take(Device device, KeyUpdate update, ulong epochNo)
    {
        device.KeyNo = (long)update.KeyNo;
        device.HpkePoint = update.HpkeKey.Point.ToArray();
        if (update.Identity is { } identity)
        {
            device.RetiredIdentities.Add(new RetiredIdentity(device.IdentityPoint, (long)epochNo));
            if (device.RetiredIdentities.Count > MaxRetired)
            {
                device.RetiredIdentities.RemoveAt(0);
            }

            device.IdentityPoint = identity.Point.ToArray();
        }
    }
}
