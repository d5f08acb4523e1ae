namespace Messaging.Relay.Access;

/// <summary>Where a publish goes.</summary>
internal enum PublishTarget
{
    /// <summary>Nowhere: the sender may not publish there.</summary>
    Refused,

    /// <summary>From a device to control.</summary>
    Control,

    /// <summary>From control to one device.</summary>
    Device,

    /// <summary>From control to the devices of a group.</summary>
    Group,

    /// <summary>From control to the relay itself: a directory update.</summary>
    Directory,
}
