using System.Collections.Concurrent;
using Messaging.FleetServer.Devices;
using Messaging.Wire;

namespace Messaging.FleetServer.Enrolment;

/// <summary>Wakes requests that wait for a decision over their device.</summary>
internal sealed class EnrolmentDecisions
{
    private readonly ConcurrentDictionary<PrincipalId, TaskCompletionSource> _waiting = new();
    private readonly EnrolmentOptions _options;
    private readonly TimeProvider _time;
    private int _count;

    public EnrolmentDecisions(IDeviceDirectory devices, EnrolmentOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        devices.Subscribe(OnChanged);
    }

    /// <summary>Completes when the device changes, the wait is over, or at once when too many wait.</summary>
    public async Task WaitAsync(PrincipalId device, Func<bool> isPending, TimeSpan wait, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _count) > _options.MaxWaiting)
        {
            Interlocked.Decrement(ref _count);
            return;
        }

        try
        {
            var decided = _waiting.GetOrAdd(device, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

            // Asked again after registering: a decision in between is seen by one of the two.
            if (isPending())
            {
                await Task.WhenAny(decided.Task, Task.Delay(wait, _time, cancellationToken));
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
        finally
        {
            if (Interlocked.Decrement(ref _count) == 0)
            {
                _waiting.Clear();
            }
        }
    }

    private void OnChanged(DeviceChange change)
    {
        if (_waiting.TryRemove(PrincipalId.Parse(change.Device.Id), out var decided))
        {
            decided.TrySetResult();
        }
    }
}
