using System.Collections.Concurrent;
using Messaging.Agent.Gpio.Lines;

namespace Messaging.Agent.Tests.Gpio;

/// <summary>Lines whose levels the test sets, and that remember what was written.</summary>
internal sealed class FakeGpio : IGpio
{
    private readonly ConcurrentDictionary<string, bool> _levels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Action<bool>> _watchers = new(StringComparer.Ordinal);

    /// <summary>Null: lines can be had.</summary>
    public volatile string? Refusal;

    public ConcurrentQueue<bool> Written { get; } = new();

    public int Open => _open;

    private int _open;

    public void Set(string line, bool level)
    {
        _levels[line] = level;
        if (_watchers.TryGetValue(line, out var changed))
        {
            changed(level);
        }
    }

    public IGpioLine OpenInput(string chip, string line, GpioBias bias, Action<bool> changed)
    {
        var held = new Line(this, line);
        _watchers[line] = changed;
        return held;
    }

    public IGpioLine OpenOutput(string chip, string line, bool level)
    {
        var held = new Line(this, line);
        held.Write(level);
        return held;
    }

    private sealed class Line : IGpioLine
    {
        private readonly FakeGpio _owner;
        private readonly string _name;

        public Line(FakeGpio owner, string name)
        {
            (_owner, _name) = (owner, name);
            Refuse();
            Interlocked.Increment(ref owner._open);
        }

        public bool Read()
        {
            Refuse();
            return _owner._levels.GetValueOrDefault(_name);
        }

        public void Write(bool level)
        {
            Refuse();
            _owner.Written.Enqueue(level);
        }

        public void Dispose() => Interlocked.Decrement(ref _owner._open);

        private void Refuse()
        {
            if (_owner.Refusal is { } reason)
            {
                throw new IOException(reason);
            }
        }
    }
}
