namespace Messaging.Relay.Legacy;

/// <summary>Names of the seed system's HTTP interface.</summary>
internal static class LegacyNames
{
    public const string Path = "/messaging-platform/api/v1/messaging-service";
    public const string ApiKeyHeader = "X-Api-Key";

    /// <summary>Whoever names no key shares this one with everybody.</summary>
    public const string DefaultApiKey = "demo-default-key";

    /// <summary>A header of all answers, which the seed system's agents do not look at.</summary>
    public const string ProfileHeader = "Messaging-Profile";
    public const string Profile = "legacy";

    /// <summary>RFC 9745: since when nothing new is to be built on it.</summary>
    public const string DeprecationHeader = "Deprecation";

    /// <summary>2026-12-01, as a date of RFC 9651.</summary>
    public const string Deprecation = "@1796083200";

    public const string Connect = "connect";
    public const string Disconnect = "disconnect";

    /// <summary>An address of everybody.</summary>
    public const string Everybody = "*";
}
