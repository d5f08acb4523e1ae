using System.Text.Json;
using Messaging.Agent.Disk;
using Messaging.Agent.Json;

namespace Messaging.Agent.Collect.Scheduling;

/// <summary>state/intervals.json: collector -> milliseconds, as set by commands. Replaced as a whole.</summary>
internal static class IntervalOverrides
{
    public const string FileName = "intervals.json";
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Empty when there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is not what <see cref="Save"/> wrote.</exception>
    public static Dictionary<string, long> Load(IDisk disk, string path) => NumberTable.Load(disk, path, MaxBytes);

    /// <exception cref="IOException">The old file is still in place.</exception>
    public static void Save(IDisk disk, string path, Dictionary<string, long> overrides) => NumberTable.Save(disk, path, overrides);
}
