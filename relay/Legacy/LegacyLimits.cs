namespace Messaging.Relay.Legacy;

/// <summary>Sizes of what requests name, in characters (UTF-16) unless they say otherwise.</summary>
internal static class LegacyLimits
{
    public const int ChannelName = 256;
    public const int Password = 512;
    public const int AgentName = 128;
    public const int ApiKey = 256;
    public const int SessionId = 128;
    public const int EventType = 64;

    /// <summary>An address with wildcards.</summary>
    public const int Address = 256;

    /// <summary>What an agent says of itself, as JSON.</summary>
    public const int AgentContext = 2048;
}
