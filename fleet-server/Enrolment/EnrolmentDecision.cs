namespace Messaging.FleetServer.Enrolment;

internal enum EnrolmentDecision
{
    /// <summary>The device is as it was asked for, now or already.</summary>
    Done,
    NotFound,

    /// <summary>It was decided the other way before.</summary>
    Conflict,
}
