using Messaging.Cli.Hosting;
using Messaging.Cli.Sessions;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Artifacts;

/// <summary>The repository as a table, and what is to be done next.</summary>
internal static class RepositoryText
{
    private static readonly string[] Head = ["", "NAME", "VERSION", "COUNTER", "KIND", "HARDWARE", "SIZE", "DELTAS"];

    public static IEnumerable<string> Lines(RepositorySession session)
    {
        var status = session.Status;
        yield return session.Trust is { } trust && session.Targets is { } targets
            ? $"Root {trust.Root.Version} until {TerminalText.Time(trust.Root.Expires)}, targets {targets.Version} until {TerminalText.Time(targets.Expires)}, timestamp until {(status.Timestamp is { } timestamp ? TerminalText.Time(timestamp.Expires) : "?")}"
            : "Nothing was published yet.";
        foreach (var line in Table(Rows(session)))
        {
            yield return line;
        }

        foreach (var line in Warnings(status).Append(Room(status)).OfType<string>().Append(Next(session)))
        {
            yield return line;
        }
    }

    public static IEnumerable<string> Warnings(RepositoryReply status) => (status.Warnings ?? []).Select(static one => TerminalText.Line($"! {one.Text}"));

    /// <summary>What to type next.</summary>
    public static string Next(RepositorySession session)
    {
        var drafts = session.Status.Drafts ?? [];
        if (drafts.Count > 0)
        {
            var waiting = string.Join(" and ", drafts.Select(static one => $"{one.Role} {one.Version}"));
            return drafts.All(static one => one.Complete)
                ? TerminalText.Line($"{waiting}: signed. Next: fleetctl artifact publish")
                : TerminalText.Line($"{waiting}: to be signed. Next: fleetctl artifact sign --key FILE");
        }

        return session.Trust is null ? "To begin: fleetctl artifact init --root-key FILE" : "To add a release: fleetctl artifact add FILE --version VERSION";
    }

    /// <summary>Published and drafted releases, each with what becomes of it: + comes, - goes.</summary>
    public static IReadOnlyList<(string Sign, TargetFile Target, Release Release)> Rows(RepositorySession session)
    {
        var draft = session.TargetsDraft is { } waiting ? SigningRoom.TargetsOf(waiting) : null;
        var rows = TargetWords.All(session.Targets).Select(target => (Sign: draft is not null && draft.Find(target.Path) is null ? "-" : "", Target: target))
            .Concat(TargetWords.All(draft).Where(target => session.Targets?.Find(target.Path) is null).Select(static target => (Sign: "+", Target: target)));
        return
        [
            .. rows.Select(static row => (row.Sign, row.Target, Release: TargetWords.ReleaseOf(row.Target))).Where(static row => row.Release is not null)
                .Select(static row => (row.Sign, row.Target, row.Release!))
                .OrderBy(static row => row.Item3.Name, StringComparer.Ordinal).ThenByDescending(static row => row.Item3.Counter).ThenBy(static row => row.Target.Path, StringComparer.Ordinal),
        ];
    }

    /// <summary>Columns as wide as they must be.</summary>
    internal static IEnumerable<string> Table(IReadOnlyList<(string Sign, TargetFile Target, Release Release)> rows)
    {
        if (rows.Count == 0)
        {
            yield break;
        }

        string[][] cells =
        [
            Head,
            .. rows.Select(static row => new[]
            {
                row.Sign, row.Release.Name, row.Release.Version.ToString(), $"{row.Release.Counter}", row.Release.Kind, row.Release.Hardware.Count == 0 ? "any" : string.Join(',', row.Release.Hardware),
                TransferProgress.Bytes(row.Release.IsEncrypted ? row.Release.ContentLength : row.Target.Length) + (row.Release.IsEncrypted ? " encrypted" : ""), $"{row.Release.Deltas.Count}",
            }),
        ];
        var widths = Enumerable.Range(0, Head.Length).Select(column => cells.Max(row => row[column].Length)).ToList();
        foreach (var row in cells)
        {
            yield return TerminalText.Line(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static string? Room(RepositoryReply status) => status.Artifacts is { Count: > 0 } room
        ? $"{TransferProgress.Bytes(room.Bytes)} of {TransferProgress.Bytes(room.MaxBytes)} are taken{(room.UnusedBytes > 0 ? $", {TransferProgress.Bytes(room.UnusedBytes)} by what nothing names: fleetctl artifact prune" : "")}"
        : null;
}
