using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Audit.Findings;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Telemetry.Queries;

namespace Messaging.FleetServer.Live;

/// <summary>Hands what just became true to everybody who watches. It never makes a publisher wait.</summary>
internal sealed class LiveHub(IFleetEvents events, IAuditLog audit, FindingBook findings, AccessChanges access) : IHostedService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _perCaller = new(StringComparer.Ordinal);
    private ImmutableArray<LiveQueue> _queues = [];
    private IReadOnlyList<IDisposable> _subscriptions = [];
    private TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the next stream begins.</summary>
    public Task Joined => Volatile.Read(ref _joined).Task;

    /// <summary>Ids, as they were given, of the devices that somebody looks at.</summary>
    public IReadOnlyCollection<string> Watched => _queues.SelectMany(queue => queue.Topics.Devices).ToHashSet(StringComparer.Ordinal);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _subscriptions = [events.Subscribe(Publish), audit.Subscribe(Publish), access.Subscribe(RecheckAccess)];
        findings.Subscribe(Publish);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Dispose();
        }

        return Task.CompletedTask;
    }

    /// <summary>Begins a stream; null when there are too many. <see cref="Leave"/> ends it.</summary>
    public LiveQueue? Join(string callerId, LiveTopics topics)
    {
        lock (_lock)
        {
            var mine = _perCaller.GetValueOrDefault(callerId);
            if (_queues.Length >= LiveLimits.MaxStreams || mine >= LiveLimits.MaxStreamsPerCaller)
            {
                return null;
            }

            _perCaller[callerId] = mine + 1;
            var queue = new LiveQueue(topics);
            _queues = _queues.Add(queue);
            Interlocked.Exchange(ref _joined, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            return queue;
        }
    }

    public void Leave(string callerId, LiveQueue queue)
    {
        lock (_lock)
        {
            _queues = _queues.Remove(queue);
            if (--_perCaller[callerId] == 0)
            {
                _perCaller.Remove(callerId);
            }
        }
    }

    private static LiveMessage Message<T>(string name, Func<T> view, JsonTypeInfo<T> type) =>
        new(name, () => JsonSerializer.SerializeToUtf8Bytes(view(), type));

    private static LiveMessage? Message(FleetEvent fleetEvent) => fleetEvent switch
    {
        PointsStored points => Message("metrics", () => LiveMetricsView.Of(points), ApiJson.Default.LiveMetricsView),
        LogsStored logs => Message(
            "logs", () => new LiveLogsView(logs.DeviceId, [.. logs.Lines.Select(LogView.Of)]), ApiJson.Default.LiveLogsView),
        FileChanged { File.IsRecording: true } => null,
        FileChanged changed => Message("file", () => FileView.Of(changed.File), ApiJson.Default.FileView),
        CommandOutputStored stored => Message("output", () => LiveOutputView.Of(stored.Row), ApiJson.Default.LiveOutputView),
        TwinChanged changed => Message("twin", () => new LiveTwinView(changed.DeviceId), ApiJson.Default.LiveTwinView),
        UpdateChanged changed => Message("update", () => new LiveUpdateView(changed.DeviceId, changed.CommandId), ApiJson.Default.LiveUpdateView),
        UpdatesChanged => Message("updates", static () => new LiveUpdatesView(), ApiJson.Default.LiveUpdatesView),
        CommandSetChanged changed => Message("command-set", () => new LiveCommandSetView(changed.SetId), ApiJson.Default.LiveCommandSetView),
        ProposalChanged changed => Message("proposal", () => new LiveProposalView(changed.ProposalId), ApiJson.Default.LiveProposalView),
        CommandChanged changed => Message("command", () => CommandView.Of(changed.Command), ApiJson.Default.CommandView),
        _ => null,
    };

    private void Publish(FleetEvent fleetEvent)
    {
        var message = Message(fleetEvent);
        foreach (var queue in _queues)
        {
            if (message is not null && (fleetEvent is CommandSetChanged or ProposalChanged or UpdatesChanged ? queue.Topics.Commands : queue.Topics.Device(fleetEvent.DeviceId)))
            {
                queue.Add(message);
            }
            else if (fleetEvent is DeviceChanged && (queue.Topics.AllDevices || queue.Topics.Device(fleetEvent.DeviceId)))
            {
                queue.AddDevice(fleetEvent.DeviceId);
            }
        }
    }

    private void Publish(AuditEntry entry) => PublishToAudit(Message("audit", () => AuditView.Of(entry), ApiJson.Default.AuditView));

    private void Publish(FindingRow finding) => PublishToAudit(Message("finding", () => FindingView.Of(finding), ApiJson.Default.FindingView));

    private void PublishToAudit(LiveMessage message)
    {
        foreach (var queue in _queues)
        {
            if (queue.Topics.Audit)
            {
                queue.Add(message);
            }
        }
    }

    private void RecheckAccess()
    {
        foreach (var queue in _queues)
        {
            queue.AccessChanged();
        }
    }
}
