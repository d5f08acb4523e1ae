using Messaging.Wire;

namespace Messaging.Commands;

/// <summary>
/// How much a command may take, below what the device allows anyway: null | [timeoutSeconds | null, memoryBytes | null, processes | null,
/// cpuPermille | null, outputBytes | null].
/// </summary>
/// <param name="timeoutSeconds">1 to <see cref="MaxSeconds"/>.</param>
/// <param name="memoryBytes"><see cref="MinMemoryBytes"/> to 2^40.</param>
/// <param name="processes">1 to <see cref="MaxProcesses"/>.</param>
/// <param name="cpuPermille">Thousandths of one processor: 1 to <see cref="MaxCpuPermille"/>.</param>
/// <param name="outputBytes">0 to <see cref="CommandOutput.MaxTotalBytes"/>.</param>
public sealed class RunLimits(int? timeoutSeconds, long? memoryBytes, int? processes, int? cpuPermille, int? outputBytes)
{
    /// <summary>The longest time: seven days.</summary>
    public const int MaxSeconds = 7 * 24 * 3600;

    /// <summary>The least memory: 1 MiB.</summary>
    public const long MinMemoryBytes = 1024 * 1024;

    /// <summary>The most memory: 1 TiB.</summary>
    public const long MaxMemoryBytes = 1L << 40;

    /// <summary>The most processes.</summary>
    public const int MaxProcesses = 4_194_304;

    /// <summary>256 processors.</summary>
    public const int MaxCpuPermille = 256_000;

    /// <summary>None but the device's.</summary>
    public static RunLimits None { get; } = new(null, null, null, null, null);

    /// <summary>How long it may run.</summary>
    public int? TimeoutSeconds { get; } = timeoutSeconds;

    /// <summary>Of the process and all that it starts.</summary>
    public long? MemoryBytes { get; } = memoryBytes;

    /// <summary>At a time, threads included.</summary>
    public int? Processes { get; } = processes;

    /// <summary>Thousandths of one processor.</summary>
    public int? CpuPermille { get; } = cpuPermille;

    /// <summary>How much of its output is sent while it runs.</summary>
    public int? OutputBytes { get; } = outputBytes;

    private bool IsNone => TimeoutSeconds is null && MemoryBytes is null && Processes is null && CpuPermille is null && OutputBytes is null;

    internal void Write(ref CborWriter writer)
    {
        if (IsNone)
        {
            writer.WriteNull();
            return;
        }

        if (TimeoutSeconds is < 1 or > MaxSeconds || MemoryBytes is < MinMemoryBytes or > MaxMemoryBytes || Processes is < 1 or > MaxProcesses
            || CpuPermille is < 1 or > MaxCpuPermille || OutputBytes is < 0 or > CommandOutput.MaxTotalBytes)
        {
            throw new InvalidOperationException("A limit is out of its bounds.");
        }

        writer.WriteArrayHead(5);
        writer.WriteUInt64OrNull((ulong?)TimeoutSeconds);
        writer.WriteUInt64OrNull((ulong?)MemoryBytes);
        writer.WriteUInt64OrNull((ulong?)Processes);
        writer.WriteUInt64OrNull((ulong?)CpuPermille);
        writer.WriteUInt64OrNull((ulong?)OutputBytes);
    }

    internal static bool TryRead(ref CborReader reader, out RunLimits limits)
    {
        limits = None;
        if (reader.TryReadNull())
        {
            return true;
        }

        if (!reader.TryReadArray(5)
            || !TryRead(ref reader, 1, MaxSeconds, out var seconds)
            || !TryRead(ref reader, MinMemoryBytes, MaxMemoryBytes, out var memory)
            || !TryRead(ref reader, 1, MaxProcesses, out var processes)
            || !TryRead(ref reader, 1, MaxCpuPermille, out var cpu)
            || !TryRead(ref reader, 0, CommandOutput.MaxTotalBytes, out var output))
        {
            return false;
        }

        limits = new RunLimits((int?)seconds, memory, (int?)processes, (int?)cpu, (int?)output);

        // One encoding for each value.
        return !limits.IsNone;
    }

    private static bool TryRead(ref CborReader reader, long min, long max, out long? value)
    {
        value = null;
        if (reader.TryReadNull())
        {
            return true;
        }

        var isRead = reader.TryReadUInt64(out var number, (ulong)max) && number >= (ulong)min;
        value = isRead ? (long)number : null;
        return isRead;
    }
}
