using System.Globalization;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Updates;

/// <summary>Updates as people read them.</summary>
internal static class UpdateText
{
    private const int IdDigits = 8;

    /// <summary>A table with the overdue first, then as they came.</summary>
    public static IEnumerable<string> Table(IReadOnlyCollection<UpdateReply> updates, bool withDevice)
    {
        var rows = updates.OrderBy(static one => one.SilentSince is null).Select(one => (State: State(one), Device: withDevice ? Device(one) : "", Release: Release(one), What: Rest(one))).ToList();
        var (states, devices, releases) = (Width(rows.Select(static row => row.State)), Width(rows.Select(static row => row.Device)), Width(rows.Select(static row => row.Release)));
        foreach (var row in rows)
        {
            yield return TerminalText.Line($"{row.State.PadRight(states)}  {(withDevice ? row.Device.PadRight(devices) + "  " : "")}{row.Release.PadRight(releases)}  {row.What}").TrimEnd();
        }
    }

    /// <summary>How far one is, in a line.</summary>
    public static string Line(UpdateReply update) => $"{State(update)}: {Release(update)}, {Rest(update)}";

    public static string Component(ComponentReply one) =>
        TerminalText.Line($"{one.Name} {one.Version}  {one.Kind}, counter {one.Counter.ToString(CultureInfo.InvariantCulture)}, since {TerminalText.Time(one.Since)}");

    /// <summary><c>11.0 MiB</c></summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        < 1024L * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1048576.0:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1073741824.0:0.0} GiB"),
    };

    private static string State(UpdateReply update) => update.SilentSince is null ? update.State ?? "?" : $"{update.State} OVERDUE";

    private static string Device(UpdateReply update)
    {
        var id = update.DeviceId is { Length: > IdDigits } text ? text[..IdDigits] : update.DeviceId ?? "?";
        return update.DeviceName is { Length: > 0 } name && name != update.DeviceId ? $"{name} ({id})" : id;
    }

    private static string Release(UpdateReply update) =>
        update.Name is { Length: > 0 } name ? $"{name} {update.Version}" : update.Target is { Length: > 0 } target ? target : "an unknown release";

    private static string Rest(UpdateReply update)
    {
        var parts = new List<string>();
        if (update.SilentSince is { } silent)
        {
            parts.Add($"silent since {TerminalText.Time(silent)}");
        }

        if (update is { Ended: false, Total: > 0 })
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{100.0 * update.Done / update.Total:0}% of {Bytes(update.Total)}"));
        }

        if (update.Reason is { Length: > 0 } reason)
        {
            parts.Add(reason);
        }

        foreach (var text in new[] { update.WaitingFor is { Length: > 0 } waiting ? $"waits for {waiting}" : null, update.Detail, update.Receipt is null ? update.Message : null })
        {
            if (!string.IsNullOrEmpty(text))
            {
                parts.Add(text);
            }
        }

        if (update.Fetched is { } fetched)
        {
            parts.Add(Fetched(fetched));
        }

        if (update.Receipt is { Outcome: "committed", Before: { Length: > 0 } before })
        {
            parts.Add($"was {before}");
        }

        parts.Add(update.Deadline is { } deadline ? $"until {TerminalText.Time(deadline)}" : $"since {TerminalText.Time(update.Since)}");
        return string.Join(", ", parts);
    }

    /// <summary><c>11.0 MiB from neighbours, 2.0 KiB from the fleet</c></summary>
    private static string Fetched(UpdateReply.FetchedReply fetched)
    {
        var parts = new List<string>();
        foreach (var (bytes, whom) in new[] { (fetched.Neighbours, "neighbours"), (fetched.Mirrors, "mirrors"), (fetched.Homes, "the fleet") })
        {
            if (bytes > 0)
            {
                parts.Add($"{Bytes(bytes)} from {whom}");
            }
        }

        return string.Join(", ", parts);
    }

    private static int Width(IEnumerable<string> texts) => texts.Select(static text => text.Length).DefaultIfEmpty(0).Max();
}
