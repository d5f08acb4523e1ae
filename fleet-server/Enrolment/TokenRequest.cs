namespace Messaging.FleetServer.Enrolment;

/// <summary>A token as somebody asks for it.</summary>
/// <param name="Name">For people; may be empty.</param>
/// <param name="Tags">What the devices that it enrols are tagged with.</param>
/// <param name="MaxUses">Null: any number of devices.</param>
internal sealed record TokenRequest(
    string Name, IReadOnlyList<string> Tags, int? MaxUses, TimeSpan ExpiresIn, bool RequireApproval, string CreatedBy);
