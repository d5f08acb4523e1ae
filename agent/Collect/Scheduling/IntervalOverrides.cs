using System.Text.Json;
using System.Text.Json.Serialization;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Collect.Scheduling;

/// <summary>state/intervals.json: collector -> milliseconds, as set by commands. Replaced as a whole.</summary>
internal static partial class IntervalOverrides
{
    public const string FileName = "intervals.json";
    private const int MaxBytes = 1024 * 1024;

    /// <summary>Empty when there is no file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="JsonException">It is not what <see cref="Save"/> wrote.</exception>
    public static Dictionary<string, long> Load(IDisk disk, string path) =>
        AtomicFile.Read(disk, path, MaxBytes) is { } content ? JsonSerializer.Deserialize(content, Json.Default.DictionaryStringInt64) ?? [] : [];

    /// <exception cref="IOException">The old file is still in place.</exception>
    public static void Save(IDisk disk, string path, Dictionary<string, long> overrides) =>
        AtomicFile.Write(disk, path, JsonSerializer.SerializeToUtf8Bytes(overrides, Json.Default.DictionaryStringInt64));

    [JsonSerializable(typeof(Dictionary<string, long>))]
    private sealed partial class Json : JsonSerializerContext;
}
