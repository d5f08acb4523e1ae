using System.Collections.Concurrent;

namespace Messaging.Agent.Sensors;

/// <summary>A thread for each bus that is read.</summary>
internal sealed class BusThreads : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<BusThread>> _threads = new(StringComparer.Ordinal);

    public Task RunAsync(string bus, Action action, CancellationToken ct) =>
        _threads.GetOrAdd(bus, static name => new Lazy<BusThread>(() => new BusThread(name))).Value.RunAsync(action, ct);

    public void Dispose()
    {
        foreach (var thread in _threads.Values.Where(thread => thread.IsValueCreated))
        {
            thread.Value.Dispose();
        }
    }
}
