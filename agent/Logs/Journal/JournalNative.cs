using System.Runtime.InteropServices;

namespace Messaging.Agent.Logs.Journal;

/// <summary>The part of sd-journal(3) that is used. Results below zero are negative errno values.</summary>
internal static unsafe partial class JournalNative
{
    /// <summary>SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM: this machine's, not what it gathers from others, and no users' own journals.</summary>
    internal const int LocalSystem = (1 << 0) | (1 << 2);

    /// <summary>SD_JOURNAL_INVALIDATE: files came or went.</summary>
    internal const int Invalidate = 2;

    internal const int NoEntry = -2;
    internal const int TooBig = -7;

    private const string Library = "libsystemd.so.0";

    [LibraryImport(Library, EntryPoint = "sd_journal_open")]
    internal static partial int Open(out nint journal, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_open_directory", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenDirectory(out nint journal, string path, int flags);

    [LibraryImport(Library, EntryPoint = "sd_journal_close")]
    internal static partial void Close(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_add_match")]
    internal static partial int AddMatch(nint journal, byte* data, nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_flush_matches")]
    internal static partial void FlushMatches(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_head")]
    internal static partial int SeekHead(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_cursor", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SeekCursor(nint journal, string cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_seek_realtime_usec")]
    internal static partial int SeekRealtime(nint journal, ulong microseconds);

    [LibraryImport(Library, EntryPoint = "sd_journal_next")]
    internal static partial int Next(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_cursor")]
    internal static partial int GetCursor(nint journal, out nint cursor);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_data")]
    internal static partial int GetData(nint journal, byte* field, out byte* data, out nuint length);

    [LibraryImport(Library, EntryPoint = "sd_journal_set_data_threshold")]
    internal static partial int SetDataThreshold(nint journal, nuint bytes);

    [LibraryImport(Library, EntryPoint = "sd_journal_get_fd")]
    internal static partial int GetDescriptor(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_reliable_fd")]
    internal static partial int IsDescriptorReliable(nint journal);

    [LibraryImport(Library, EntryPoint = "sd_journal_process")]
    internal static partial int Process(nint journal);

    [LibraryImport("libc", EntryPoint = "free")]
    internal static partial void Free(nint memory);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    internal static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, ulong* value, nint count);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
