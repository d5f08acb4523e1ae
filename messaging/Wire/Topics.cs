namespace Messaging.Wire;

/// <summary>The MQTT topics of the profile.</summary>
public static class Topics
{
    /// <summary>Every device's uplink: what control subscribes.</summary>
    public const string UpFilter = "m1/d/+/up";

    /// <summary>Every principal's presence.</summary>
    public const string PresenceFilter = "m1/relay/presence/+";

    /// <summary>Where control tells the relay whom it may let in.</summary>
    public const string Directory = "m1/relay/directory";

    /// <summary>Where the relay confirms what it knows.</summary>
    public const string DirectoryAck = "m1/relay/directory/ack";

    /// <summary>The relay's counters, for control.</summary>
    public const string RelayStats = "m1/relay/stats";

    private const string DevicePrefix = "m1/d/";
    private const string GroupPrefix = "m1/g/";
    private const string PresencePrefix = "m1/relay/presence/";
    private const string UpSuffix = "/up";

    /// <summary>Where a device publishes.</summary>
    public static string Up(PrincipalId id) => $"{DevicePrefix}{id}{UpSuffix}";

    /// <summary>Where a device is spoken to.</summary>
    public static string Down(PrincipalId id) => $"{DevicePrefix}{id}/down";

    /// <summary>Where a group of devices is spoken to.</summary>
    public static string GroupDown(PrincipalId group) => $"{GroupPrefix}{group}/down";

    /// <summary>Where the relay tells whether a principal is connected.</summary>
    public static string Presence(PrincipalId id) => $"{PresencePrefix}{id}";

    /// <summary>Reads the device out of an uplink topic.</summary>
    public static bool TryParseUp(ReadOnlySpan<char> topic, out PrincipalId id)
    {
        id = default;
        return topic.Length == DevicePrefix.Length + 32 + UpSuffix.Length
            && topic.StartsWith(DevicePrefix, StringComparison.Ordinal)
            && topic.EndsWith(UpSuffix, StringComparison.Ordinal)
            && PrincipalId.TryParse(topic.Slice(DevicePrefix.Length, 32), out id);
    }

    /// <summary>Reads the principal out of a presence topic.</summary>
    public static bool TryParsePresence(ReadOnlySpan<char> topic, out PrincipalId id)
    {
        id = default;
        return topic.StartsWith(PresencePrefix, StringComparison.Ordinal) && PrincipalId.TryParse(topic[PresencePrefix.Length..], out id);
    }
}
