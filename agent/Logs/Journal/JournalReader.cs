using System.Runtime.InteropServices;
using System.Text;

namespace Messaging.Agent.Logs.Journal;

/// <summary>An open journal. Belongs to one thread for all its life, as libsystemd demands.</summary>
internal sealed unsafe class JournalReader : IDisposable
{
    /// <summary>How often files on a network, of whose changes the kernel does not tell, are looked at.</summary>
    private static readonly TimeSpan NetworkLook = TimeSpan.FromSeconds(2);

    private readonly int _descriptor;
    private nint _handle;

    private JournalReader(nint handle, int maxBytes)
    {
        _handle = handle;
        Check(JournalNative.SetDataThreshold(handle, (nuint)maxBytes), "sd_journal_set_data_threshold");

        // Asked for before anything is read, so that no change goes unnoticed in between.
        _descriptor = Check(JournalNative.GetDescriptor(handle), "sd_journal_get_fd");
    }

    /// <param name="folder">Empty: the system's journal.</param>
    /// <param name="maxBytes">What is longer than this, its name included, may be cut.</param>
    /// <exception cref="DllNotFoundException">libsystemd is not installed.</exception>
    /// <exception cref="JournalException">It cannot be opened.</exception>
    public static JournalReader Open(string folder, int maxBytes)
    {
        nint handle;
        if (folder.Length == 0)
        {
            Check(JournalNative.Open(out handle, JournalNative.LocalSystem), "sd_journal_open");
        }
        else
        {
            Check(JournalNative.OpenDirectory(out handle, folder, 0), $"sd_journal_open_directory {folder}");
        }

        return new JournalReader(handle, maxBytes);
    }

    /// <summary>From now on entries of this boot only; null: of all.</summary>
    /// <param name="bootId">32 hex digits.</param>
    public void Select(string? bootId)
    {
        JournalNative.FlushMatches(_handle);
        if (bootId is null)
        {
            return;
        }

        var match = Encoding.ASCII.GetBytes("_BOOT_ID=" + bootId);
        fixed (byte* pointer = match)
        {
            Check(JournalNative.AddMatch(_handle, pointer, (nuint)match.Length), "sd_journal_add_match");
        }
    }

    public void SeekHead() => Check(JournalNative.SeekHead(_handle), "sd_journal_seek_head");

    /// <summary><see cref="TryNext"/> then gives this entry, or the nearest after it.</summary>
    public void Seek(JournalPosition position) => Check(JournalNative.SeekCursor(_handle, position.Cursor), "sd_journal_seek_cursor");

    public void SeekTime(DateTimeOffset time) =>
        Check(JournalNative.SeekRealtime(_handle, (ulong)Math.Max(0, time.ToUnixTimeMilliseconds()) * 1000), "sd_journal_seek_realtime_usec");

    /// <returns>False at the end, for now.</returns>
    public bool TryNext() => Check(JournalNative.Next(_handle), "sd_journal_next") > 0;

    /// <exception cref="JournalException">The entry is damaged.</exception>
    public JournalPosition Position()
    {
        CheckEntry(JournalNative.GetCursor(_handle, out var cursor), "sd_journal_get_cursor");
        try
        {
            var text = Marshal.PtrToStringUTF8(cursor)!;
            return JournalPosition.TryParse(text, out var position) ? position : throw new InvalidDataException("not a cursor: " + text);
        }
        finally
        {
            JournalNative.Free(cursor);
        }
    }

    /// <param name="name">Ends with a zero.</param>
    /// <param name="value">What follows the equals sign; valid until the next call.</param>
    /// <returns>False when the entry has no such field.</returns>
    /// <exception cref="JournalException">The entry is damaged.</exception>
    public bool TryField(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        fixed (byte* pointer = name)
        {
            var result = JournalNative.GetData(_handle, pointer, out var data, out var length);
            if (result is JournalNative.NoEntry or JournalNative.TooBig)
            {
                return false;
            }

            CheckEntry(result, "sd_journal_get_data");

            // The zero of the name stands where the data has its equals sign.
            value = new ReadOnlySpan<byte>(data, checked((int)length))[name.Length..];
            return true;
        }
    }

    /// <summary>Waits until something is added, files come or go, or the alarm's owner is cancelled.</summary>
    /// <returns>Whether files came or went: where the reader stands is to be looked for again.</returns>
    public bool Wait(JournalAlarm alarm)
    {
        alarm.Wait(_descriptor, JournalNative.IsDescriptorReliable(_handle) > 0 ? null : NetworkLook);
        return Check(JournalNative.Process(_handle), "sd_journal_process") == JournalNative.Invalidate;
    }

    public void Dispose()
    {
        if (_handle != 0)
        {
            JournalNative.Close(_handle);
            _handle = 0;
        }
    }

    private static int Check(int result, string doing) => result >= 0 ? result : throw new JournalException(doing, result);

    private static void CheckEntry(int result, string doing)
    {
        if (result < 0)
        {
            throw new JournalException(doing, result) { IsOfEntry = true };
        }
    }
}
