using System.Collections.Concurrent;

namespace Messaging.Agent.Sensors;

/// <summary>
/// Does the reads of one bus, one after the other, on a thread of its own: a driver that hangs takes no thread that others need.
/// </summary>
internal sealed class BusThread : IDisposable
{
    private readonly BlockingCollection<Work> _waiting = [];
    private readonly Thread _thread;

    public BusThread(string name)
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "bus " + name };
        _thread.Start();
    }

    /// <summary>Runs it in its turn; not at all when cancelled before. Once begun it runs to its end.</summary>
    public Task RunAsync(Action action, CancellationToken ct)
    {
        var work = new Work(action, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), ct);
        _waiting.Add(work, CancellationToken.None);
        return work.Done.Task;
    }

    /// <summary>What waits is still done; a thread that hangs in the kernel is left to it.</summary>
    public void Dispose() => _waiting.CompleteAdding();

    private void Run()
    {
        foreach (var (action, done, ct) in _waiting.GetConsumingEnumerable())
        {
            if (ct.IsCancellationRequested)
            {
                done.SetCanceled(ct);
                continue;
            }

            try
            {
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                // It is for whoever waits.
                done.SetException(e);
            }
        }
    }

    private sealed record Work(Action Action, TaskCompletionSource Done, CancellationToken Cancelled);
}
