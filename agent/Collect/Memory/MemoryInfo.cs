using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Collect.Memory;

/// <summary>What is used of /proc/meminfo, in bytes.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct MemoryInfo(long Total, long Free, long? Available, long Buffers, long Cached)
{
    public static MemoryInfo Parse(ReadOnlySpan<byte> text)
    {
        long total = 0, free = 0, buffers = 0, cached = 0;
        long? available = null;
        while (Fields.TryLine(ref text, out var line))
        {
            var name = Fields.Word(ref line);
            if (!Fields.TryNumber(ref line, out var kib))
            {
                continue;
            }

            var bytes = kib * 1024;
            if (name.SequenceEqual("MemTotal:"u8))
            {
                total = bytes;
            }
            else if (name.SequenceEqual("MemFree:"u8))
            {
                free = bytes;
            }
            else if (name.SequenceEqual("MemAvailable:"u8))
            {
                available = bytes;
            }
            else if (name.SequenceEqual("Buffers:"u8))
            {
                buffers = bytes;
            }
            else if (name.SequenceEqual("Cached:"u8))
            {
                cached = bytes;
            }
        }

        return new(total, free, available, buffers, cached);
    }
}
