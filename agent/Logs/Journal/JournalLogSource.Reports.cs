using System.Globalization;
using Messaging.Agent.Configuration;
using Messaging.Agent.Events;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Logs.Journal;

internal sealed partial class JournalLogSource
{
    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void BecomeFollowing(JournalPosition? position)
    {
        if (_state is not { State: "following" })
        {
            LogFollowing(position is null ? $"the last {OptionText.Write(_options.JournalInitial)}" : Text(position.Time));
        }

        _state = new("following", null);
    }

    private void BecomeUnavailable(string reason)
    {
        if (_state is { State: "unavailable" } && _state.Problem == reason)
        {
            return;
        }

        _state = new("unavailable", reason);
        LogUnavailable(reason);
        _events.Report(new("log.journal.unavailable", _options.Journal == "on" ? DeviceEvent.Warning : DeviceEvent.Info, [new("reason", reason)]));
    }

    private void ReportGap(JournalGap gap)
    {
        var entries = gap.Entries?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        LogGap(Text(gap.Last.Time), Text(gap.Next.Time), entries);
        _events.Report(new(
            "log.journal.gap",
            DeviceEvent.Warning,
            [new("after", Text(gap.Last.Time)), new("before", Text(gap.Next.Time)), new("entries", entries)]));
    }

    private void ReportDamage(int entries, string problem)
    {
        LogDamage(entries, problem);
        _events.Report(new(
            "log.journal.damaged", DeviceEvent.Warning, [new("entries", entries.ToString(CultureInfo.InvariantCulture)), new("reason", problem)]));
    }

    [LoggerMessage(EventId = 2120, Level = LogLevel.Information, Message = "Following the journal from {From}")]
    private partial void LogFollowing(string from);

    [LoggerMessage(EventId = 2121, Level = LogLevel.Warning, Message = "The journal dropped {Entries} entries between {After} and {Before} before they were read")]
    private partial void LogGap(string after, string before, string entries);

    [LoggerMessage(EventId = 2122, Level = LogLevel.Information, Message = "The journal is not followed: {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(EventId = 2123, Level = LogLevel.Warning, Message = "{Entries} entries of the journal are damaged: {Problem}")]
    private partial void LogDamage(int entries, string problem);

    [LoggerMessage(EventId = 2124, Level = LogLevel.Warning, Message = "The checkpoint of the journal is damaged: it is followed as if it were new")]
    private partial void LogDamagedCheckpoint();
}
