namespace Messaging.Agent.Hosting.Footprint;

/// <summary>Gives back the memory that only the start, and later a new connection or a large batch, needed.</summary>
internal sealed class FootprintKeeper(TimeProvider time, Action shrink)
{
    /// <summary>After it has started, connected, and sent its first records; and where that takes long, on a small board.</summary>
    public static readonly TimeSpan AfterStart = TimeSpan.FromSeconds(45);

    public static readonly TimeSpan AfterSlowStart = TimeSpan.FromMinutes(3);

    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        await Task.Delay(AfterStart, time, ct);
        shrink();
        await Task.Delay(AfterSlowStart - AfterStart, time, ct);
        shrink();
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            shrink();
        }
    }

    public static void Shrink()
    {
        SystemAuthorities.Forget();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

        // What is only let go of by finalizers is in the heap of the C library until then.
        GC.WaitForPendingFinalizers();
        NativeHeap.Trim();
        ProgramPages.Release();
    }
}
