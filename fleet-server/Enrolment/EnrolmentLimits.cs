namespace Messaging.FleetServer.Enrolment;

/// <summary>Limits of tokens.</summary>
internal static class EnrolmentLimits
{
    public const int TokenNameLength = 100;
    public const int MaxUses = 100_000;
    public static readonly TimeSpan ShortestLife = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(366);
}
