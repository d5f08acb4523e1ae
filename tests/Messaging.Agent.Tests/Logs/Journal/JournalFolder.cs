using System.Buffers.Binary;
using System.Text;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Logs.Journal;

/// <summary>
/// A folder of real journal files, written by Debian's systemd-journal-remote from the journal export format. Needs no journald.
/// </summary>
internal sealed class JournalFolder : IDisposable
{
    // https://systemd.io/JOURNAL_FILE_FORMAT
    private const int SeqnumIdAt = 72;
    private const int HeaderSizeAt = 88;
    private const int TailObjectAt = 136;
    private const int TailSeqnumAt = 160;
    private const int HeadSeqnumAt = 168;
    private const int ObjectHeaderBytes = 16;
    private const byte EntryObject = 3;

    private static readonly byte[] ZstandardMagic = [0x28, 0xB5, 0x2F, 0xFD];

    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private int _entries;
    private TimeSpan _clockError;

    public string Path => _folder.Path;

    /// <summary>Of the next entry; each is a second after the one before.</summary>
    public DateTimeOffset NextTime => Start.AddSeconds(_entries) + _clockError;

    /// <summary>The machine that writes.</summary>
    public string BootId { get; private set; } = new('1', 32);

    /// <summary>It restarts, and its clock is off until further notice.</summary>
    public void Boot(string bootId, TimeSpan clockError) => (BootId, _clockError) = (bootId, clockError);

    public Task WriteAsync(params IEnumerable<string> messages) => WriteAsync("system.journal", messages);

    public Task WriteAsync(string file, IEnumerable<string> messages) => WriteAsync(file, messages.Select(m => new JournalEntry(m)));

    public async Task WriteAsync(string file, IEnumerable<JournalEntry> entries)
    {
        using var export = new MemoryStream();
        foreach (var entry in entries)
        {
            // These must be in the form for text.
            export.Write(Encoding.ASCII.GetBytes($"""
                __REALTIME_TIMESTAMP={NextTime.ToUnixTimeMilliseconds() * 1000}
                __MONOTONIC_TIMESTAMP={(_entries * 1_000_000L) + 1}
                _BOOT_ID={BootId}

                """));
            Write(export, "MESSAGE", entry.Message);
            foreach (var (name, value) in entry.Fields)
            {
                Write(export, name, value);
            }

            export.WriteByte((byte)'\n');
            _entries++;
        }

        await AppendAsync(file, export.ToArray());
    }

    /// <summary>The same entries again in another file, numbered anew: as journald moves what it kept in memory to the disk.</summary>
    public async Task CopyAsync(string from, string to) =>
        await AppendAsync(to, await Tool.RunAsync("/usr/bin/journalctl", ["--file", _folder.File(from), "--output", "export"], default));

    /// <summary>Gives a file numbers that go on from another's, as those that journald writes have them.</summary>
    /// <param name="file">The file.</param>
    /// <param name="predecessor">The other.</param>
    /// <param name="skipped">How many numbers are between them.</param>
    public void Number(string file, string predecessor, ulong skipped)
    {
        var bytes = File.ReadAllBytes(_folder.File(file));
        var before = File.ReadAllBytes(_folder.File(predecessor));
        before.AsSpan(SeqnumIdAt, 16).CopyTo(bytes.AsSpan(SeqnumIdAt));
        var shift = BinaryPrimitives.ReadUInt64LittleEndian(before.AsSpan(TailSeqnumAt)) + skipped;
        Shift(TailSeqnumAt);
        Shift(HeadSeqnumAt);
        var last = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(TailObjectAt));
        for (var at = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(HeaderSizeAt)); at <= last;)
        {
            if (bytes[at] == EntryObject)
            {
                Shift(at + ObjectHeaderBytes);
            }

            at += (int)((BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at + 8)) + 7) & ~7UL);
        }

        File.WriteAllBytes(_folder.File(file), bytes);

        void Shift(int at) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)) + shift);
    }

    /// <summary>Damages the first field that is long enough to be compressed.</summary>
    public void DamageCompressed(string file)
    {
        var bytes = File.ReadAllBytes(_folder.File(file));
        var at = bytes.AsSpan().IndexOf(ZstandardMagic);
        Assert.True(at > 0, "nothing is compressed");
        bytes.AsSpan(at, 8).Fill(0xFF);
        File.WriteAllBytes(_folder.File(file), bytes);
    }

    public void Truncate(string file, double share)
    {
        using var stream = File.OpenWrite(_folder.File(file));
        stream.SetLength((long)(stream.Length * share));
    }

    private Task AppendAsync(string file, byte[] export) => Tool.RunAsync(
        Tool.Require("/lib/systemd/systemd-journal-remote", "systemd-journal-remote"), ["--output", _folder.File(file), "-"], export);

    /// <summary>As journald rotates: the file gets another name and a new one is begun.</summary>
    public void Rotate(string archived) => File.Move(_folder.File("system.journal"), _folder.File(archived));

    public void Delete(string file) => File.Delete(_folder.File(file));

    public void Dispose() => _folder.Dispose();

    private static void Write(MemoryStream export, string name, string value) => Write(export, name, Encoding.UTF8.GetBytes(value));

    /// <summary>The form for any bytes: name, newline, length, content, newline.</summary>
    private static void Write(MemoryStream export, string name, byte[] value)
    {
        export.Write(Encoding.ASCII.GetBytes(name + "\n"));
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, value.Length);
        export.Write(length);
        export.Write(value);
        export.WriteByte((byte)'\n');
    }
}
