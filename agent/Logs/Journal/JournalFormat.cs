using System.Text;
using Messaging.Agent.Clock;
using Messaging.Agent.Collect;
using Messaging.Agent.Configuration;
using Messaging.Wire;

namespace Messaging.Agent.Logs.Journal;

/// <summary>Makes a line of the entry that a reader stands on, if the owner wants it.</summary>
internal sealed class JournalFormat(LogOptions options, IBootClock boot)
{
    private const int MaxOrigins = 1000;
    private const string Cut = "log.line.part";

    private readonly IReadOnlyList<string> _units = options.JournalUnitList();
    private readonly int _leastUrgent = JournalSeverity.PriorityOf(options.JournalPriority);
    private readonly Dictionary<string, LogOrigin> _origins = new(StringComparer.Ordinal);

    /// <summary>One more byte than is kept tells what was cut; the bound counts the field's name too.</summary>
    public static int MaxFieldBytes(LogOptions options) => options.LineBytes + "MESSAGE=".Length + 1;

    /// <summary>Null when it is not wanted. libsystemd passes over a field that is damaged: without a message the line is empty, but it is there.</summary>
    /// <exception cref="JournalException">The entry is damaged.</exception>
    public LogLine? Read(JournalReader journal, JournalPosition position)
    {
        var severity = 0;
        if (journal.TryField("PRIORITY\0"u8, out var priority))
        {
            if (priority.Length == 1 && priority[0] - '0' > _leastUrgent)
            {
                return null;
            }

            severity = JournalSeverity.Of(priority);
        }

        var process = Text(journal, "_PID\0"u8);
        var identifier = Text(journal, "SYSLOG_IDENTIFIER\0"u8);

        // What systemd says about a unit belongs to the unit.
        var unit = (process == "1" ? Text(journal, "UNIT\0"u8) : null) ?? Text(journal, "_SYSTEMD_UNIT\0"u8);
        var name = unit ?? identifier ?? "journal";
        if (_units.Count > 0 && !NamePattern.IsMatch(_units, name))
        {
            return null;
        }

        _ = journal.TryField("MESSAGE\0"u8, out var message);
        var isCut = message.Length > options.LineBytes;
        var body = Text(isCut ? message[..Boundary(message, options.LineBytes)] : message);
        var attributes = new List<KeyValuePair<string, string>>(4);
        Add(attributes, "systemd.unit.name", unit);
        Add(attributes, "syslog.identifier", identifier);
        Add(attributes, "process.pid", process);
        Add(attributes, Cut, isCut ? "begin" : null);
        return new(Time(position), severity, Origin(name), body, attributes);
    }

    /// <summary>
    /// The journal's monotonic clock stands still during a suspend: what was written in this boot before one and is read after it comes out
    /// late by as much.
    /// </summary>
    private LineTime Time(JournalPosition position)
    {
        var mono = (long)Math.Min(position.MonotonicUs / 1000, (ulong)JournalPosition.MaxUnixMs);
        var wall = (long)Math.Min(position.RealtimeUs / 1000, (ulong)JournalPosition.MaxUnixMs);
        return BootId.TryParse(position.BootId, out var id)
            ? new LineTime(id, id == boot.BootId ? mono + (long)boot.SuspendedMs : mono, wall)
            : new LineTime(boot.BootId, (long)boot.UptimeMs, null);
    }

    private static string? Text(JournalReader journal, ReadOnlySpan<byte> field) =>
        journal.TryField(field, out var value) && !value.IsEmpty ? Text(value) : null;

    private static string Text(ReadOnlySpan<byte> value)
    {
        var text = Encoding.UTF8.GetString(value).TrimEnd('\n');
        return text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text;
    }

    private static void Add(List<KeyValuePair<string, string>> attributes, string key, string? value)
    {
        if (value is { Length: > 0 })
        {
            attributes.Add(new(key, value));
        }
    }

    private static int Boundary(ReadOnlySpan<byte> text, int at)
    {
        while (at > 0 && (text[at] & 0xC0) == 0x80)
        {
            at--;
        }

        return at;
    }

    private LogOrigin Origin(string name)
    {
        if (_origins.TryGetValue(name, out var origin))
        {
            return origin;
        }

        if (_origins.Count >= MaxOrigins)
        {
            _origins.Clear();
        }

        return _origins[name] = new LogOrigin(LogOriginKind.Journal, name);
    }
}
