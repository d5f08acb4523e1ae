using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>How much a script may take: what the device's owner allows, or less where the command says so.</summary>
/// <param name="time">Then it is ended.</param>
/// <param name="memory">Bytes; 0: no limit.</param>
/// <param name="processes">At a time, threads included; 0: no limit.</param>
/// <param name="cpuPermille">Thousandths of one processor; 0: no limit.</param>
internal sealed class ScriptLimits(TimeSpan time, long memory, int processes, int cpuPermille)
{
    private const long MiB = 1024 * 1024;

    public TimeSpan Time { get; } = time;

    public long Memory { get; } = memory;

    public int Processes { get; } = processes;

    public int CpuPermille { get; } = cpuPermille;

    /// <summary>Those of a command; <see cref="Check"/> was asked before.</summary>
    public static ScriptLimits Of(CommandOptions options, RunLimits asked) => new(
        asked.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.ScriptTimeout,
        asked.MemoryBytes ?? options.ScriptMemory,
        asked.Processes ?? options.ScriptProcesses,
        asked.CpuPermille ?? options.ScriptCpu * 10);

    /// <summary>Null, or which limit is above the device's own, for people.</summary>
    public static string? Check(CommandOptions options, RunLimits asked) =>
        asked.TimeoutSeconds > options.ScriptTimeout.TotalSeconds
            ? $"The device lets a script run for at most {options.ScriptTimeout.TotalSeconds:0} s (Commands:ScriptTimeout)."
        : options.ScriptMemory > 0 && asked.MemoryBytes > options.ScriptMemory
            ? $"The device lets a script have at most {options.ScriptMemory / MiB} MiB of memory (Commands:ScriptMemory)."
        : options.ScriptProcesses > 0 && asked.Processes > options.ScriptProcesses
            ? $"The device lets a script have at most {options.ScriptProcesses} processes (Commands:ScriptProcesses)."
        : options.ScriptCpu > 0 && asked.CpuPermille > options.ScriptCpu * 10
            ? $"The device lets a script have at most {options.ScriptCpu} % of a processor (Commands:ScriptCpu)."
        : asked.OutputBytes > options.StreamBytes
            ? $"The device sends at most {options.StreamBytes} bytes of output (Commands:StreamBytes)."
        : null;
}
