namespace Messaging.FleetServer.Trust.Requests;

internal enum KeyRequestOutcome
{
    /// <summary>It is stored; the same one again is the same.</summary>
    Stored,

    /// <summary>Another account has asked with this key.</summary>
    KeyTaken,

    /// <summary>The roster names the key, and who asks is no owner who could say whose it is.</summary>
    KeyInRoster,

    /// <summary>The account, or all together, have asked too often.</summary>
    TooMany,
}
