using System.Globalization;
using Messaging.Agent.Logs.Files;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Hosting.Logging;

/// <summary>Chooses where the agent's own log goes.</summary>
internal static class LogOutputs
{
    private const string StreamVariable = "JOURNAL_STREAM";
    private const int StandardError = 2;

    /// <summary>The journal when standard error goes there, else the console.</summary>
    public static ILogOutput FromEnvironment(TimeProvider time)
    {
        var stream = Environment.GetEnvironmentVariable(StreamVariable);
        var toJournal = stream is not null && IsStandardError(stream);
        var console = new ConsoleOutput(toJournal ? Console.Error : Console.Out, withPriority: toJournal, time);
        return toJournal ? new JournalOutput(JournalOutput.SystemSocket, console) : console;
    }

    /// <summary>What systemd says about the stream that it has opened: its device and inode, in decimal.</summary>
    private static bool IsStandardError(string stream)
    {
        var colon = stream.IndexOf(':', StringComparison.Ordinal);
        return colon > 0
            && ulong.TryParse(stream.AsSpan(0, colon), CultureInfo.InvariantCulture, out var device)
            && ulong.TryParse(stream.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var inode)
            && FileStat.TryGet(new SafeFileHandle(StandardError, ownsHandle: false), out var stat)
            && stat.Identity.Inode == inode
            && DeviceNumber(stat.Identity.Device) == device;
    }

    /// <summary>st_dev as the C library makes it of major and minor number (makedev(3)).</summary>
    private static ulong DeviceNumber(ulong identity)
    {
        var (major, minor) = ((uint)(identity >> 32), (uint)identity);
        return ((major & 0xFFFFF000UL) << 32) | ((major & 0xFFFUL) << 8) | ((minor & 0xFFFFFF00UL) << 12) | (minor & 0xFFUL);
    }
}
