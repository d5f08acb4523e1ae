using System.Text.Json;
using Messaging.Agent.Disk;
using Messaging.Agent.Json;

namespace Messaging.Agent.Gpio;

/// <summary>What the inputs have counted, over restarts. Thread-safe.</summary>
internal sealed class EdgeCounters
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
            _counts = NumberTable.Load(disk, _path, MaxBytes);
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

            content = NumberTable.Write(_counts);
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
}
