using Messaging.Agent.Local;
using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>What is wanted of the device's own programs, what they say that they use, and which of them want to hear of it. Thread-safe.</summary>
internal sealed class AppValues
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<IAppWatcher> _watchers = [];

    /// <summary>Raised after a program has said something.</summary>
    public event Action? Reported;

    /// <summary>What is wanted now. What programs said stays as long as the value is the same.</summary>
    public void Take(IReadOnlyList<DesiredApp> app)
    {
        var news = new List<(string Name, string? Text)>();
        IAppWatcher[] watchers;
        lock (_gate)
        {
            var before = new Dictionary<string, Entry>(_entries, StringComparer.Ordinal);
            _entries.Clear();
            foreach (var one in app)
            {
                var isKnown = before.Remove(one.Name, out var entry) && entry!.Wanted == one.Value;
                _entries[one.Name] = isKnown ? entry! : new Entry(one.Value, null, null);
                if (!isKnown)
                {
                    news.Add((one.Name, Text(one.Value)));
                }
            }

            foreach (var gone in before.Keys)
            {
                news.Add((gone, null));
            }

            watchers = [.. _watchers];
        }

        foreach (var watcher in watchers)
        {
            foreach (var (name, text) in news)
            {
                watcher.Tell(name, text);
            }
        }
    }

    /// <summary>What is wanted, what a program says that it uses, and why it cannot.</summary>
    public (AppValue? Wanted, AppValue? Reported, string? Error) Of(string name)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(name, out var entry) ? (entry.Wanted, entry.Reported, entry.Error) : default;
        }
    }

    /// <summary>As in the local protocol; null when it is not wanted.</summary>
    public string? Get(string name)
    {
        lock (_gate)
        {
            return _entries.TryGetValue(name, out var entry) ? Text(entry.Wanted) : null;
        }
    }

    /// <summary>It is told each value now, and each change.</summary>
    public void Watch(IAppWatcher watcher)
    {
        List<(string Name, string Text)> now = [];
        lock (_gate)
        {
            if (!_watchers.Contains(watcher))
            {
                _watchers.Add(watcher);
            }

            foreach (var (name, entry) in _entries)
            {
                now.Add((name, Text(entry.Wanted)));
            }
        }

        foreach (var (name, text) in now)
        {
            watcher.Tell(name, text);
        }
    }

    public void Leave(IAppWatcher watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    /// <summary>A program uses this value, or cannot.</summary>
    /// <returns>Null, or why that is refused.</returns>
    public string? Report(string name, string? text, string? error)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(name, out var entry))
            {
                return $"no value {name} is wanted";
            }

            var value = text is null ? entry.Reported : AppValue.Like(entry.Wanted.Kind, text);
            if (text is not null && value is null)
            {
                return $"a value has at most {AppValue.MaxTextBytes} bytes and no control characters";
            }

            _entries[name] = entry with { Reported = value, Error = error };
        }

        Reported?.Invoke();
        return null;
    }

    /// <summary>Texts stand in quotes, so that a number in a text is told from a number.</summary>
    private static string Text(AppValue value) => value.Kind == AppValueKind.Text ? LineTokens.Quote(value.Text) : value.Text;

    private sealed record Entry(AppValue Wanted, AppValue? Reported, string? Error);
}
