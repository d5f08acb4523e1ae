using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting.Logging;

/// <summary>A line for each entry: for people and, with a priority in front of each line, for what systemd reads from a service.</summary>
internal sealed class ConsoleOutput(TextWriter writer, bool withPriority, TimeProvider time) : ILogOutput
{
    private readonly Lock _gate = new();

    public void Write(
        LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? fields, Exception? exception)
    {
        var prefix = withPriority
            ? $"<{LogPriority.Of(level)}>"
            : $"{time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)} {Word(level)}: ";
        var text = exception is null ? message : $"{message} {exception}";
        var line = $"{prefix}{category}[{id.Id}] {text.ReplaceLineEndings(" ")}";
        lock (_gate)
        {
            writer.WriteLine(line);
            writer.Flush();
        }
    }

    private static string Word(LogLevel level) => level switch
    {
        LogLevel.Critical => "crit",
        LogLevel.Error => "fail",
        LogLevel.Warning => "warn",
        _ => "info",
    };
}
