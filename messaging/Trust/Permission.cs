namespace Messaging.Trust;

/// <summary>What a fleet's policy says to a command.</summary>
public enum Permission
{
    /// <summary>It may run now.</summary>
    Allowed,

    /// <summary>A signer has none of the roles that it takes, or nobody may.</summary>
    RoleMissing,

    /// <summary>More principals must sign.</summary>
    SignaturesMissing,

    /// <summary>It may run in a maintenance window only, and this is none.</summary>
    OutsideWindow,

    /// <summary>It may run in a maintenance window only, and what time it is is not known.</summary>
    TimeUnknown,
}
