using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Messaging.Agent.Logs.Journal;

/// <summary>An entry of the journal.</summary>
/// <param name="Cursor">libsystemd's name of it: <c>s=..;i=..;b=..;m=..;t=..;x=..</c>.</param>
/// <param name="SeqnumId">Entries of the same are numbered in the order in which they were written.</param>
/// <param name="Seqnum">That number.</param>
/// <param name="BootId">The boot that wrote it, 32 hex digits.</param>
/// <param name="MonotonicUs">Microseconds since that boot.</param>
/// <param name="RealtimeUs">Microseconds since 1970, by the clock of then.</param>
/// <param name="Hash">Of its content.</param>
internal sealed record JournalPosition(string Cursor, string SeqnumId, ulong Seqnum, string BootId, ulong MonotonicUs, ulong RealtimeUs, ulong Hash)
{
    private const byte Version = 1;

    /// <summary>The end of the year 9999.</summary>
    public const long MaxUnixMs = 253_402_300_799_999;

    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeMilliseconds((long)(RealtimeUs / 1000));

    public static bool TryParse(string cursor, [NotNullWhen(true)] out JournalPosition? position)
    {
        position = null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in cursor.Split(';'))
        {
            var at = field.IndexOf('=');
            if (at > 0)
            {
                fields[field[..at]] = field[(at + 1)..];
            }
        }

        if (!fields.TryGetValue("s", out var id) || !fields.TryGetValue("b", out var boot)
            || !Number("i", out var seqnum) || !Number("m", out var monotonic) || !Number("t", out var realtime) || !Number("x", out var hash))
        {
            return false;
        }

        position = new(cursor, id, seqnum, boot, monotonic, realtime, hash);
        return true;

        bool Number(string name, out ulong value)
        {
            value = 0;
            return fields.TryGetValue(name, out var text) && ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }
    }

    /// <summary>Null when the bytes are none.</summary>
    public static JournalPosition? Decode(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 1 && bytes[0] == Version && TryParse(Encoding.UTF8.GetString(bytes[1..]), out var position) ? position : null;

    public byte[] Encode() => [Version, .. Encoding.UTF8.GetBytes(Cursor)];

    /// <summary>When the journal moves from memory to the disk, entries are copied and numbered anew: the cursors then differ.</summary>
    public bool IsSameEntry(JournalPosition other) =>
        (SeqnumId == other.SeqnumId && Seqnum == other.Seqnum)
        || (BootId == other.BootId && MonotonicUs == other.MonotonicUs && RealtimeUs == other.RealtimeUs && Hash == other.Hash);
}
