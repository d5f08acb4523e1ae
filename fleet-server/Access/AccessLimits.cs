namespace Messaging.FleetServer.Access;

/// <summary>Lengths, lifetimes and costs of everything that signs in.</summary>
internal static class AccessLimits
{
    public const int UsernameLength = 64;
    public const int PasswordMinLength = 10;
    public const int PasswordMaxLength = 256;
    public const int TokenNameLength = 100;

    /// <summary>Seconds: the shortest and longest life of an API token that expires (ten years).</summary>
    public const long TokenMinSeconds = 60;
    public const long TokenMaxSeconds = 10L * 366 * 24 * 3600;

    public static readonly TimeSpan SessionLifetime = TimeSpan.FromDays(7);
    public static readonly TimeSpan SessionIdle = TimeSpan.FromHours(24);

    /// <summary>How exact "last used" is: writing it at every request would make every read a write.</summary>
    public static readonly TimeSpan LastUsedPrecision = TimeSpan.FromMinutes(1);
}
