using System.Globalization;
using Messaging.Agent.Configuration;
using Tone = Messaging.Agent.Status.ScreenWriter.Tone;

namespace Messaging.Agent.Status;

/// <summary>What the agent does and what is wrong, on one terminal screen.</summary>
internal static class StatusScreen
{
    private const int MaxLogs = 6;
    private const int MaxCommands = 3;

    public static string Render(StatusSnapshot status, int width, bool isColored)
    {
        var screen = new ScreenWriter(width, isColored);
        Agent(screen, status);
        Trust(screen, status);
        Connection(screen, status);
        Uplink(screen, status);
        Spool(screen, status);
        Files(screen, status);
        Twin(screen, status);
        Update(screen, status);
        Time(screen, status);
        Machine(screen, status);
        Collectors(screen, status);
        Logs(screen, status);
        Commands(screen, status);
        Audit(screen, status);
        screen.Blank();
        screen.Problems(status.Problems, status.Now);
        return screen.ToString();
    }

    private static void Agent(ScreenWriter screen, StatusSnapshot status)
    {
        var agent = status.Agent;
        screen.Line(
            "agent",
            $"{agent.Version} running for {StatusText.Span(status.Now - agent.StartedAt)}, pid {agent.ProcessId}, {StatusText.Bytes(agent.ResidentBytes)}",
            status.Problems.Count == 0 ? Tone.Good : Tone.Warning);
        if (status.Enrolment is not { State: "enrolled" } enrolment)
        {
            screen.Line("device", status.Enrolment is null ? "not enrolled" : $"enrolment is {status.Enrolment.State}", Tone.Bad);
            return;
        }

        screen.Items("device", [$"{enrolment.Name}", $"({enrolment.DeviceId})"], " ");
        screen.Line("fleet", $"{Short(enrolment.FleetFingerprint)}, root {enrolment.RootVersion}, roster {enrolment.RosterVersion}");
    }

    private static void Trust(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Trust is not { } trust)
        {
            return;
        }

        foreach (var home in trust.Homes)
        {
            screen.Paragraph("", $"{home.Home}, asked {StatusText.Ago(home.AskedAt, status.Now)}: {home.Outcome}", Tone.Dim);
        }

        if (trust.NextAt is { } next)
        {
            screen.Line("", $"asks for a newer roster in {StatusText.Span(next - status.Now)}", Tone.Dim);
        }
    }

    private static void Audit(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Audit is { } audit)
        {
            screen.Items(
                "audit",
                [
                    audit.Entries == 0 ? "no command recorded" : $"{StatusText.Count(audit.Entries)} recorded",
                    audit.Signed < audit.Entries ? $"{StatusText.Count(audit.Entries - audit.Signed)} to be signed" : "",
                    audit.Witness is { } seen
                        ? $"server's log {Short(seen.Log)} seen through entry {seen.Number}, signed {StatusText.Ago(seen.Time, status.Now)}"
                        : "server's log not seen yet",
                ]);
        }
    }

    private static void Connection(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Connection is not { } connection)
        {
            return;
        }

        var isUp = connection.State == "connected";
        var since = connection.Since is { } at ? $" for {StatusText.Span(status.Now - at)}" : "";
        screen.Items(
            "connection",
            [
                $"{connection.State}{since}",
                connection.Endpoint is { } endpoint ? endpoint + (connection.Proxy is { } proxy ? $" through {proxy}" : "") : "",
                isUp ? connection.Transport ?? "" : "",
                connection.Deadline is { } deadline ? $"gives up in {StatusText.Span(deadline - status.Now)}" : "",
                connection.NextAttemptAt is { } next ? $"next attempt in {StatusText.Span(next - status.Now)}{(connection.NextEndpoint is { } to ? ": " + to : "")}" : "",
                connection.AskedToWait ? "the relay asked for this time" : "",
                $"last confirmed {StatusText.Ago(connection.LastAckAt, status.Now)}",
                connection.EpochNo is { } epoch ? $"epoch {epoch}" : "",
            ],
            isUp ? Tone.Good : Tone.Bad);
        if (connection is { BetterEndpoint: { } better, BetterAt: { } at2 })
        {
            screen.Paragraph("", $"tries {better} in {StatusText.Span(at2 - status.Now)}{(connection.BetterError is { } why ? ", last time: " + why : "")}", Tone.Dim);
        }

        if (!isUp && connection.LastError is { } error)
        {
            screen.Paragraph("", $"{connection.FailedAttempts} failed: {error}", Tone.Bad);
        }
    }

    private static void Uplink(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Uplink is { } uplink && (uplink.Metered || uplink.Held is not null || uplink.DataLimit is not null))
        {
            screen.Items(
                "uplink",
                [
                    uplink.Metered ? $"metered link ({uplink.MeteredBy})" : "",
                    uplink is { DataUsed: { } used, DataLimit: { } limit, DataResetAt: { } reset }
                        ? $"{StatusText.Bytes(used)} of {StatusText.Bytes(limit)} today, anew in {StatusText.Span(reset - status.Now)}"
                        : "",
                    uplink.PausedUntil is { } until
                        ? $"metrics and logs wait for {StatusText.Span(until - status.Now)}: {(uplink.PausedBy == "operator" ? "an operator asked for it" : "the server is busy")}"
                        : "",
                ],
                uplink.Held is null ? Tone.Plain : Tone.Warning);
        }
    }

    private static void Spool(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Spool is { } spool)
        {
            screen.Items(
                "spool",
                [
                    $"{StatusText.Bytes(spool.Bytes)} of {StatusText.Bytes(spool.MaxBytes)}",
                    spool.UnackedRecords == 0
                        ? "everything is confirmed"
                        : $"{StatusText.Count(spool.UnackedRecords)} {(spool.UnackedRecords == 1 ? "record waits" : "records wait")} for confirmation"
                            + (spool.OldestUnackedAt is { } oldest ? $", the oldest for {StatusText.Span(status.Now - oldest)}" : ""),
                    spool.DroppedRecords > 0 ? $"{StatusText.Count(spool.DroppedRecords)} dropped" : "",
                ],
                spool.DroppedRecords > 0 ? Tone.Bad : Tone.Plain);
        }
    }

    private static void Files(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Files is { Waiting: > 0 } files)
        {
            screen.Items(
                "files",
                [
                    $"{StatusText.Count(files.Waiting)} {(files.Waiting == 1 ? "waits" : "wait")} for confirmation",
                    files is { Name: { } name, Sealed: { } done, Size: { } size } ? $"{name}: {StatusText.Bytes(done)} of {StatusText.Bytes(size)}" : "",
                    files.WaitsFor == "day" ? "Files:DayBytes is used up for today" : "",
                ],
                files.WaitsFor is null ? Tone.Plain : Tone.Warning);
        }
    }

    private static void Twin(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Twin is { } twin)
        {
            screen.Items(
                "desired",
                [
                    $"version {twin.Version}: {Of(twin.Converged, "converged")}",
                    twin.Converging > 0 ? Of(twin.Converging, "converging") : "",
                    twin.Drifted > 0 ? Of(twin.Drifted, "drifted") : "",
                    twin.Failed > 0 ? Of(twin.Failed, "failed") : "",
                    twin.Healed > 0 ? $"healed {StatusText.Count(twin.Healed)} times" : "",
                    twin.Waits ?? "",
                ],
                twin.Failed > 0 ? Tone.Bad : twin.Waits is null ? Tone.Plain : Tone.Warning);
        }

        static string Of(int count, string word) => $"{StatusText.Count(count)} {word}";
    }

    private static void Update(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Update is { } update)
        {
            screen.Items(
                "update",
                [
                    $"{update.State} {update.Target}",
                    From(update.FromNeighbours, "neighbours"),
                    From(update.FromMirrors, "mirrors"),
                    From(update.FromHomes, "the fleet"),
                ],
                update.State is "reverted" or "failed" ? Tone.Warning : Tone.Plain);
            if (update.Detail.Length > 0)
            {
                screen.Paragraph("", update.Detail, Tone.Dim);
            }
        }

        if (status.Sharing is { } sharing)
        {
            screen.Items(
                "shared",
                [
                    $"{StatusText.Count(sharing.Artifacts)} {(sharing.Artifacts == 1 ? "artifact" : "artifacts")} kept for neighbours ({StatusText.Bytes(sharing.Bytes)})",
                    $"{StatusText.Bytes(sharing.Given)} given to them",
                ]);
        }

        static string From(long bytes, string whom) => bytes > 0 ? $"{StatusText.Bytes(bytes)} from {whom}" : "";
    }

    private static void Time(ScreenWriter screen, StatusSnapshot status)
    {
        if (status.Time is { } time)
        {
            screen.Items(
                "time",
                [
                    time.KnownBy switch
                    {
                        "synchronised" => "this machine's clock, which is kept right",
                        "beacon" => "by the fleet's beacon",
                        _ => $"not known; {StatusText.Date(time.NotBefore)} or later",
                    },
                    time.BeaconAge is { } age ? $"beacon {StatusText.Span(TimeSpan.FromMilliseconds(age))} old, exact to {time.UncertaintyMs} ms" : "no beacon in this boot",
                    time.Clock is "believed" ? "" : $"the machine's clock is {time.Clock.Replace('-', ' ')}",
                ],
                time.KnownBy == "lower-bound" ? Tone.Warning : Tone.Plain);
        }
    }

    private static void Machine(ScreenWriter screen, StatusSnapshot status)
    {
        var latest = status.Latest;
        screen.Items(
            "machine",
            [
                Share("cpu", "system.cpu.utilization"),
                Share("memory", "system.memory.utilization"),
                Share("swap", "system.paging.utilization"),
                latest.TryGetValue("system.linux.cpu.load_1m", out var load) ? "load " + load.ToString("0.00", CultureInfo.InvariantCulture) : "",
                latest.TryGetValue("system.uptime", out var up) ? "up " + StatusText.Span(TimeSpan.FromSeconds(up)) : "",
            ]);

        string Share(string name, string metric) => latest.TryGetValue(metric, out var value) ? $"{name} {StatusText.Share(value)}" : "";
    }

    private static void Collectors(ScreenWriter screen, StatusSnapshot status)
    {
        var label = "collectors";
        foreach (var group in status.Collectors.Where(c => c.State is "ok" or "waiting").OrderBy(c => c.IntervalMs)
            .GroupBy(c => OptionText.Write(TimeSpan.FromMilliseconds(c.IntervalMs)), StringComparer.Ordinal))
        {
            screen.Items(label, group.Select((c, i) => (i == 0 ? $"every {group.Key}: " : "") + c.Name + (c.IntervalFrom == "command" ? "*" : "")), " ");
            label = "";
        }

        foreach (var collector in status.Collectors.Where(c => c.State is not ("ok" or "waiting")))
        {
            screen.Paragraph(
                label,
                $"{collector.Name} is {collector.State}{(collector.Problem is { } problem ? ": " + problem : "")}",
                collector.State is "failing" or "hanging" ? Tone.Bad : Tone.Dim);
            label = "";
        }

        if (status.Collectors.Any(c => c.IntervalFrom == "command"))
        {
            screen.Line("", "* set by a command", Tone.Dim);
        }
    }

    private static void Logs(ScreenWriter screen, StatusSnapshot status)
    {
        var label = "logs";
        foreach (var log in status.Logs.Take(MaxLogs))
        {
            var isWell = log.State is "following" or "finishing";
            var counted = log.Lines > 0 ? $", {StatusText.Count(log.Lines)} {(log.Lines == 1 ? "line" : "lines")}, last {StatusText.Ago(log.LastLineAt, status.Now)}" : "";
            var behind = log.BehindBytes > 0 ? $", {StatusText.Bytes(log.BehindBytes.Value)} behind" : "";
            screen.Line(label, $"{log.Name}: {log.State}{counted}{behind}{(log.Problem is { } p ? ": " + p : "")}", isWell ? Tone.Plain : Tone.Warning);
            label = "";
        }

        if (status.Logs.Count == 0)
        {
            screen.Line(label, "none are followed: see Logs:Files", Tone.Dim);
        }
        else if (status.Logs.Count > MaxLogs)
        {
            screen.Line("", $"and {status.Logs.Count - MaxLogs} more (--json shows all)", Tone.Dim);
        }
    }

    private static void Commands(ScreenWriter screen, StatusSnapshot status)
    {
        var label = "commands";
        foreach (var command in status.Commands.Take(MaxCommands))
        {
            var message = command.Message is { Length: > 0 } text ? ": " + text : "";
            screen.Line(
                label,
                $"{(command.At is null ? "earlier" : StatusText.Ago(command.At, status.Now))}: {command.Type} {command.State}{message}",
                command.State is "failed" or "rejected" or "unknown" ? Tone.Warning : Tone.Plain);
            label = "";
        }

        if (status.ScriptsHeldBy is { } bounds)
        {
            screen.Line("scripts", $"held in their limits by {bounds}", Tone.Dim);
        }
    }

    private static void Items(this ScreenWriter screen, string label, IEnumerable<string> items, Tone tone = Tone.Plain) =>
        screen.Items(label, items.Where(item => item.Length > 0), ", ", tone);

    private static string Short(string? fingerprint) => fingerprint is { Length: > 16 } ? fingerprint[..16] + "..." : fingerprint ?? "unknown";
}
