namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>OpenTelemetry's short names of its 24 severity numbers, in lower case.</summary>
internal static class SeverityWords
{
    private static readonly string[] Words = ["trace", "debug", "info", "warn", "error", "fatal"];

    /// <summary>Null for 0 (unspecified) and for what is not a severity.</summary>
    public static string? Word(int severity) => severity is >= 1 and <= 24 ? Words[(severity - 1) / 4] : null;

    /// <summary>The lowest number of a name, or the number itself; null when it is neither.</summary>
    public static int? Parse(string text) => Array.IndexOf(Words, text.ToLowerInvariant()) is var index and >= 0
        ? (index * 4) + 1
        : int.TryParse(text, System.Globalization.NumberStyles.None, null, out var number) && number is >= 0 and <= 24 ? number : null;
}
