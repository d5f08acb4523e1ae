using System.Diagnostics;

namespace Messaging.Agent.Tests.Support;

/// <summary>Waits for what other threads, processes or the kernel bring about in real time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task True(Func<bool> condition, string what, TimeSpan? patience = null)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > (patience ?? Patience))
            {
                Assert.Fail($"did not come about within {(patience ?? Patience).TotalSeconds} s: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
