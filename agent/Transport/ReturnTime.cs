using Messaging.Wire;
using MQTTnet.Packets;

namespace Messaging.Agent.Transport;

/// <summary>What a relay says about when to come back.</summary>
internal static class ReturnTime
{
    /// <summary>Of a relay that sends its clients elsewhere and does not say for how long.</summary>
    private static readonly TimeSpan Elsewhere = TimeSpan.FromMinutes(10);

    /// <param name="properties">Of CONNACK or DISCONNECT.</param>
    /// <param name="isElsewhere">Its reason was "use another server" or "server moved".</param>
    public static TimeSpan? Of(IReadOnlyList<MqttUserProperty>? properties, bool isElsewhere) =>
        properties?.FirstOrDefault(one => one.Name == RetryAfter.Property) is { } property && RetryAfter.TryRead(property.ReadValueAsString(), out var time) ? time
        : isElsewhere ? Elsewhere
        : null;

    /// <param name="header">Retry-After of HTTP; a date in it is not looked at, because the device may not know the time.</param>
    public static TimeSpan? Of(string? header) => RetryAfter.TryRead(header, out var time) ? time : null;
}
