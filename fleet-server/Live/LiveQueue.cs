namespace Messaging.FleetServer.Live;

/// <summary>
/// What waits for one reader. Bounded: when it is full, everything goes and the reader is told to read all anew ("resync").
/// Publishers never wait.
/// </summary>
internal sealed class LiveQueue(LiveTopics topics)
{
    private readonly Lock _lock = new();
    private readonly Queue<LiveMessage> _messages = new();
    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _resync;
    private bool _accessChanged;

    public LiveTopics Topics { get; } = topics;

    /// <summary>Done when there is something to take.</summary>
    public Task News
    {
        get
        {
            lock (_lock)
            {
                return _news.Task;
            }
        }
    }

    public void Add(LiveMessage message)
    {
        lock (_lock)
        {
            if (_messages.Count >= LiveLimits.MaxMessages)
            {
                Overflow();
            }
            else if (!_resync)
            {
                _messages.Enqueue(message);
            }

            _news.TrySetResult();
        }
    }

    /// <summary>A device changed: it is read when the reader takes it, so many changes become one.</summary>
    public void AddDevice(string deviceId)
    {
        lock (_lock)
        {
            if (_devices.Count >= LiveLimits.MaxDevices && !_devices.Contains(deviceId))
            {
                Overflow();
            }
            else if (!_resync)
            {
                _devices.Add(deviceId);
            }

            _news.TrySetResult();
        }
    }

    /// <summary>Somebody's access changed: the stream has to prove its own again.</summary>
    public void AccessChanged()
    {
        lock (_lock)
        {
            _accessChanged = true;
            _news.TrySetResult();
        }
    }

    public LiveBatch Take()
    {
        lock (_lock)
        {
            var batch = new LiveBatch([.. _messages], [.. _devices], _resync, _accessChanged);
            _messages.Clear();
            _devices.Clear();
            _resync = false;
            _accessChanged = false;
            if (_news.Task.IsCompleted)
            {
                _news = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return batch;
        }
    }

    private void Overflow()
    {
        _messages.Clear();
        _devices.Clear();
        _resync = true;
    }
}
