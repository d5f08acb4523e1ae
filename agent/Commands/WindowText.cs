using System.Globalization;
using Messaging.Trust;

namespace Messaging.Agent.Commands;

/// <summary>What is said of a maintenance window that is awaited.</summary>
internal static class WindowText
{
    /// <summary>In a report, which is read later: with the date.</summary>
    public static string Waiting(PolicyRule rule, long? nowUnixMs)
    {
        if (nowUnixMs is not { } now)
        {
            return "It waits for a maintenance window, and for this device to know the time.";
        }

        return rule.NextWindow(now, out var opensAt) is { } window
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"It waits for the maintenance window {window.Words()}, which opens {DateTimeOffset.FromUnixTimeMilliseconds(opensAt):yyyy-MM-dd HH:mm} UTC.")
            : "";
    }

    /// <summary>On a screen, which is read now: with how long it takes.</summary>
    public static string Awaited(PolicyRule rule, long? nowUnixMs)
    {
        if (nowUnixMs is not { } now)
        {
            return "for a maintenance window, and for the time to be known";
        }

        return rule.NextWindow(now, out var opensAt) is { } window
            ? $"for the maintenance window {window.Words()} (in {Duration(TimeSpan.FromMilliseconds(opensAt - now))})"
            : "for its turn";
    }

    private static string Duration(TimeSpan time) =>
        time.Days > 0 ? $"{time.Days} d {time.Hours} h" : time.Hours > 0 ? $"{time.Hours} h {time.Minutes} min" : $"{time.Minutes} min";
}
