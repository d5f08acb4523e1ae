using System.Text.Json;
using System.Text.Json.Serialization;
using Messaging.Agent.Disk;

namespace Messaging.Agent.Gpio;

/// <summary>What the inputs have counted, over restarts. Thread-safe.</summary>
internal sealed partial class EdgeCounters
{
    public const string FileName = "gpio-counters.json";
    private const int MaxBytes = 64 * 1024;
    private readonly Lock _gate = new();
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly Dictionary<string, long> _counts = [];
    private bool _changed;

    public EdgeCounters(IDisk disk, string state)
    {
        _disk = disk;
        _path = Path.Combine(state, FileName);
        try
        {
            _counts = AtomicFile.Read(disk, _path, MaxBytes) is { } bytes ? JsonSerializer.Deserialize(bytes, CountersJson.Default.DictionaryStringInt64) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            LoadProblem = e.Message;
        }
    }

    /// <summary>Why counting began anew, or null.</summary>
    public string? LoadProblem { get; }

    public void Add(string line)
    {
        lock (_gate)
        {
            _counts[line] = _counts.GetValueOrDefault(line) + 1;
            _changed = true;
        }
    }

    public long this[string line]
    {
        get
        {
            lock (_gate)
            {
                return _counts.GetValueOrDefault(line);
            }
        }
    }

    /// <summary>Writes them when there is something new.</summary>
    /// <exception cref="IOException">It is tried again with the next save.</exception>
    public void Save()
    {
        byte[] content;
        lock (_gate)
        {
            if (!_changed)
            {
                return;
            }

            content = JsonSerializer.SerializeToUtf8Bytes(_counts, CountersJson.Default.DictionaryStringInt64);
            _changed = false;
        }

        try
        {
            AtomicFile.Write(_disk, _path, content);
        }
        catch (IOException)
        {
            lock (_gate)
            {
                _changed = true;
            }

            throw;
        }
    }

    [JsonSerializable(typeof(Dictionary<string, long>))]
    private sealed partial class CountersJson : JsonSerializerContext;
}
