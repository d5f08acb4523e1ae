using System.Globalization;

namespace Messaging.Wire;

/// <summary>
/// The time after which a relay that refuses or ends a connection wants to see the client again. The spec is messaging/spec/protocol.md,
/// section "Come back later".
/// </summary>
public static class RetryAfter
{
    /// <summary>User property of CONNACK and DISCONNECT of MQTT 5; HTTP has a header for it (RFC 9110, section 10.2.3).</summary>
    public const string Property = "retry-after";

    /// <summary>The longest time that is believed.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Whole seconds, rounded up, as a relay says it.</summary>
    public static string Write(TimeSpan time) => ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads what a relay said: decimal digits. More than <see cref="Longest"/> is taken for that.</summary>
    public static bool TryRead(string? text, out TimeSpan time)
    {
        time = default;
        if (text is not { Length: > 0 and <= 20 } || !text.All(char.IsAsciiDigit))
        {
            return false;
        }

        // More digits than a number holds are a very long time.
        var seconds = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        time = seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : Longest;
        return true;
    }
}
