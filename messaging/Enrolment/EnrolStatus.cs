namespace Messaging.Enrolment;

/// <summary>What became of a request.</summary>
public enum EnrolStatus
{
    /// <summary>The device is in the fleet.</summary>
    Approved = 0,

    /// <summary>An operator has to approve it: ask again with the same keys.</summary>
    Pending = 1,

    /// <summary>Not with this token, or an operator refused it: see the reason.</summary>
    Refused = 2,
}
