namespace Messaging.FleetServer.Enrolment;

/// <summary>A sealed EnrolResponse, or null when the request could not be opened: then there is nobody to seal to.</summary>
internal sealed record EnrolmentAnswer(byte[]? Response);
