using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Processes;

/// <summary>What is used of /proc/PID/stat.</summary>
/// <param name="State">The kernel's letter.</param>
/// <param name="Ticks">User and system time.</param>
/// <param name="StartTicks">Since boot; with the process id it identifies a process.</param>
/// <param name="ResidentPages">Physical memory.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProcessStat(byte State, long Ticks, long StartTicks, long ResidentPages)
{
    /// <param name="text">The file.</param>
    /// <param name="stat">What it says.</param>
    /// <param name="name">The command's name, at most 15 bytes; part of <paramref name="text"/>.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessStat stat, out ReadOnlySpan<byte> name)
    {
        stat = default;
        name = default;

        // The name is in parentheses and may itself contain blanks and parentheses.
        var open = text.IndexOf((byte)'(');
        var close = text.LastIndexOf((byte)')');
        if (open < 0 || close < open)
        {
            return false;
        }

        name = text[(open + 1)..close];
        var rest = text[(close + 1)..];
        var state = Fields.Word(ref rest);
        Fields.Skip(ref rest, 10);
        if (state.Length != 1 || !Fields.TryNumber(ref rest, out var user) || !Fields.TryNumber(ref rest, out var system))
        {
            return false;
        }

        Fields.Skip(ref rest, 6);
        if (!Fields.TryNumber(ref rest, out var start))
        {
            return false;
        }

        Fields.Skip(ref rest, 1);
        if (!Fields.TryNumber(ref rest, out var pages))
        {
            return false;
        }

        stat = new(state[0], user + system, start, pages);
        return true;
    }
}
