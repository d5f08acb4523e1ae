using System.Collections.Concurrent;
using Messaging.Agent.Events;

namespace Messaging.Agent.Tests.Support;

internal sealed class RecordedEvents : IEventSink
{
    private readonly ConcurrentQueue<DeviceEvent> _events = new();

    public IReadOnlyList<DeviceEvent> All => [.. _events];

    public IReadOnlyList<string> Names => [.. _events.Select(e => e.Name)];

    public void Report(DeviceEvent happened) => _events.Enqueue(happened);

    public static string Attribute(DeviceEvent happened, string key) => happened.Attributes.Single(a => a.Key == key).Value;
}
