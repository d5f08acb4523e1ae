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

    public const string Connect = "connect";
    public const string Disconnect = "disconnect";

    /// <summary>An address of everybody.</summary>
    public const string Everybody = "*";
}
