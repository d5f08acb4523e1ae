using System.Text;
using Messaging.Commands;
using Messaging.FleetServer.Devices;
using Messaging.Trust;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Commands;

/// <summary>What happens to a command when time passes or its device speaks. Pure: changes the entity that it is given, nothing else.</summary>
internal static class CommandRules
{
    /// <summary>Behind the switch of an update.</summary>
    private static readonly TimeSpan LongestChecks = TimeSpan.FromSeconds(HealthChecks.MaxSeconds);

    /// <summary>Whether the command is due to be sent (again).</summary>
    /// <param name="reopened">The device has just opened a new epoch or come back: what was on its way may be lost.</param>
    public static bool IsDue(CommandEntity command, DateTimeOffset now, CommandOptions options, bool reopened) =>
        now < command.ExpiresAt && command.State switch
        {
            CommandState.Waiting => true,
            CommandState.Sent => (reopened && now - command.LastSentAt >= options.ShortestResend) || now - command.LastSentAt >= ResendAfter(command.Attempts, options),
            _ => false,
        };

    /// <summary>Ends the command when its time is over. Returns whether it did.</summary>
    public static bool Expire(CommandEntity command, DateTimeOffset now, CommandOptions options)
    {
        var (state, message) = command.State switch
        {
            CommandState.Waiting when now >= command.ExpiresAt =>
                (CommandState.Expired, "It expired before the device could be reached. It was not run."),
            CommandState.Sent when now >= command.ExpiresAt + options.ReportGrace =>
                (CommandState.Expired, $"It was sent {Times(command.Attempts)} and the device never answered. A late answer will still be shown."),
            CommandState.Accepted or CommandState.Running when now >= Patience(command, options) =>
                (CommandState.Unknown, "The device began with it and did not say how it ended. A late answer will still be shown."),
            _ => (command.State, ""),
        };
        if (state == command.State)
        {
            return false;
        }

        command.State = state;
        command.Message = message;
        command.FinishedAt = now;
        return true;
    }

    /// <summary>
    /// Applies the device's word. Returns false when it says nothing new: reports are repeated and may overtake each other, the
    /// highest number is the newest, and an end that the device reported stands.
    /// </summary>
    public static bool Apply(CommandEntity command, CommandReport report, DateTimeOffset now)
    {
        if (IsFuller(command, report))
        {
            command.Output = report.Output.ToArray();
            command.OutputTruncated = report.OutputTruncated;
            return true;
        }

        var ended = command.State is CommandState.Done or CommandState.Failed or CommandState.Rejected or CommandState.Cancelled && command.LastReportNo >= 0;
        if (report.ReportNo <= command.LastReportNo || (ended && !Map(report.State).IsFinal()))
        {
            return false;
        }

        command.LastReportNo = report.ReportNo;
        command.LastReportAt = now;
        command.State = Map(report.State);
        command.Progress = report.ProgressPermille ?? command.Progress;
        command.ExitCode = report.ExitCode;
        command.Message = report.Message;
        command.Output = report.Output.IsEmpty ? command.Output : report.Output.ToArray();
        command.OutputTruncated = report.OutputTruncated || (report.Output.IsEmpty && command.OutputTruncated);
        command.FinishedAt = command.State.IsFinal() ? now : null;
        return true;
    }

    /// <summary>A device that was restarted tells an end again, and has the output no more; the first telling, which has it, may come later.</summary>
    private static bool IsFuller(CommandEntity command, CommandReport report) =>
        report.ReportNo == command.LastReportNo && Map(report.State) == command.State && command.Output.Length == 0 && !report.Output.IsEmpty;

    /// <summary>Ends the command because its device was revoked. Returns whether it did.</summary>
    public static bool Revoke(CommandEntity command, DateTimeOffset now)
    {
        if (command.State.IsFinal())
        {
            return false;
        }

        command.State = command.State == CommandState.Waiting ? CommandState.Cancelled : CommandState.Unknown;
        command.Message = "The device was revoked.";
        command.FinishedAt = now;
        return true;
    }

    /// <summary>What a command waits for, for people.</summary>
    /// <param name="rule">The fleet's rule about such commands.</param>
    public static string? WaitingFor(CommandEntity command, bool connected, DateTimeOffset? lastSeen, PolicyRule rule, DateTimeOffset now) => command.State switch
    {
        CommandState.Waiting when !connected && lastSeen is { } seen => $"the device to connect; it was last seen {seen:yyyy-MM-dd HH:mm:ss}Z",
        CommandState.Waiting when !connected => "the device to connect for the first time",
        CommandState.Waiting => "the device to prove that it is there",
        CommandState.Sent when !connected => "the device to connect again; the command was sent and not answered",
        CommandState.Accepted when !command.DryRun => Window(rule, now),
        CommandState.Sent => $"the device's answer; sent {Times(command.Attempts)}",
        _ => null,
    };

    public static CommandSnapshot Snapshot(CommandEntity command, DevicePresence? presence, PolicyRule rule, DateTimeOffset now) => new()
    {
        Id = command.Id,
        DeviceId = command.DeviceId,
        Type = command.Type,
        IsOfSet = command.SetIndex is not null,
        DryRun = command.DryRun,
        ArgsJson = command.Set?.ArgsJson ?? (command.ArgsJson.Length == 0 ? "{}" : command.ArgsJson),
        State = command.State,
        CreatedAt = command.CreatedAt,
        CreatedBy = command.CreatedBy,
        SignedBy = command.IssuerId,
        SentAt = command.SentAt,
        FinishedAt = command.FinishedAt,
        ExpiresAt = command.ExpiresAt,
        Progress = command.Progress / 1000.0,
        ExitCode = command.ExitCode,
        Message = command.Message,
        OutputBytes = command.Output,
        Output = Encoding.UTF8.GetString(command.Output),
        OutputTruncated = command.OutputTruncated,
        WaitingFor = WaitingFor(command, presence is { Connected: true }, presence?.LastAuthenticated, rule, now),
    };

    /// <summary>A command that was accepted outside of its maintenance windows waits for one.</summary>
    private static string? Window(PolicyRule rule, DateTimeOffset now)
    {
        var unixMs = now.ToUnixTimeMilliseconds();
        if (rule.Windows.Any(window => window.Contains(unixMs)) || rule.NextWindow(unixMs, out var opensAt) is not { } next)
        {
            return null;
        }

        var left = TimeSpan.FromMilliseconds(opensAt - unixMs);
        var duration = left.Days > 0 ? $"{left.Days} d {left.Hours} h" : left.Hours > 0 ? $"{left.Hours} h {left.Minutes} min" : $"{left.Minutes} min";
        return $"the maintenance window {next.Words()} (in {duration})";
    }

    private static TimeSpan ResendAfter(int attempts, CommandOptions options)
    {
        var doubled = options.FirstResend * Math.Pow(2, Math.Clamp(attempts - 1, 0, 10));
        return doubled < options.LongestResend ? doubled : options.LongestResend;
    }

    private static DateTimeOffset Patience(CommandEntity command, CommandOptions options)
    {
        // An update is told of by other reports, and may wait for its window all the time that it has.
        var silent = (command.LastReportAt ?? command.CreatedAt) + options.LongestSilence + UpdateTime(command);
        return silent > command.ExpiresAt ? silent : command.ExpiresAt;
    }

    private static TimeSpan UpdateTime(CommandEntity command) =>
        command.Type == CommandTypes.Update && UpdateArguments.TryDecode(command.Set is { } set ? set.Args.Span : command.Args, out var update)
            ? TimeSpan.FromSeconds(update.Seconds) + LongestChecks
            : TimeSpan.Zero;

    private static string Times(int count) => count == 1 ? "once" : $"{count} times";

    private static CommandState Map(Messaging.Commands.CommandState state) => state switch
    {
        Messaging.Commands.CommandState.Accepted => CommandState.Accepted,
        Messaging.Commands.CommandState.Running => CommandState.Running,
        Messaging.Commands.CommandState.Done => CommandState.Done,
        Messaging.Commands.CommandState.Failed => CommandState.Failed,
        Messaging.Commands.CommandState.Rejected => CommandState.Rejected,
        Messaging.Commands.CommandState.Expired => CommandState.Expired,
        Messaging.Commands.CommandState.Unknown => CommandState.Unknown,
        Messaging.Commands.CommandState.Cancelled => CommandState.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "Not a state of a report."),
    };
}
