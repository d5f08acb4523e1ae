using System.Diagnostics;

namespace Messaging.EndToEnd.Harness;

/// <summary>Waits for what another process will do, by asking again until a deadline. What is dear to ask is asked less often: the one who is waited for needs the processor.</summary>
internal static class Eventually
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    /// <summary>Returns the first value that satisfies <paramref name="accept"/>; fails with <paramref name="what"/> and the last value seen.</summary>
    public static async Task<T> Get<T>(string what, TimeSpan deadline, Func<Task<T>> ask, Predicate<T> accept)
    {
        var clock = Stopwatch.StartNew();
        var last = default(T);
        Exception? error = null;
        do
        {
            var asked = clock.Elapsed;
            try
            {
                last = await ask();
                error = null;
                if (accept(last))
                {
                    return last;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException { InnerException: TimeoutException })
            {
                // The server may be down at this moment: that is for the deadline to judge.
                error = e;
            }

            var pause = 3 * (clock.Elapsed - asked);
            await Task.Delay(pause < ShortestPause ? ShortestPause : pause > LongestPause ? LongestPause : pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
        while (clock.Elapsed < deadline);

        throw new TimeoutException($"Not within {deadline.TotalSeconds:0.#} s: {what}. Last seen: {error?.Message ?? last?.ToString() ?? "nothing"}");
    }

    public static Task Is(string what, TimeSpan deadline, Func<Task<bool>> condition) => Get(what, deadline, condition, static met => met);
}
