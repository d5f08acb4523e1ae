using System.Globalization;
using System.Text.Json.Serialization;

namespace Messaging.Cli.Server;

/// <summary>A command as the server answers it.</summary>
/// <param name="Id">32 lower hexadecimal digits.</param>
/// <param name="Type">Its type.</param>
/// <param name="State">waiting, sent, accepted, running, done, failed, rejected, expired, unknown or cancelled.</param>
/// <param name="Progress">0 to 1; null when the device says nothing of it.</param>
/// <param name="ExitCode">Of a process.</param>
/// <param name="Message">One line for people.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="OutputTruncated">True if it wrote more.</param>
/// <param name="WaitingFor">For people.</param>
internal sealed record CommandReply(
    string? Id,
    string? Type,
    string? State,
    double? Progress,
    int? ExitCode,
    string? Message,
    string? Output,
    bool OutputTruncated,
    string? WaitingFor)
{
    private const string Done = "done";

    [JsonIgnore]
    public bool IsDone => State == Done;

    [JsonIgnore]
    public bool HasEnded => State is Done or "failed" or "rejected" or "expired" or "unknown" or "cancelled";

    /// <summary>How far it is.</summary>
    [JsonIgnore]
    public string ProgressLine
    {
        get
        {
            var share = Progress is { } progress ? progress.ToString(" 0%", CultureInfo.InvariantCulture) : "";
            return $"{State ?? "?"}{share}{After(WaitingFor, ", waiting for ")}{After(Message, ": ")}";
        }
    }

    /// <summary>How it ended.</summary>
    [JsonIgnore]
    public string EndLine => $"{State}{(ExitCode is { } code ? $", exit code {code.ToString(CultureInfo.InvariantCulture)}" : "")}{After(Message, ": ")}";

    private static string After(string? text, string before) => string.IsNullOrEmpty(text) ? "" : before + text;
}
