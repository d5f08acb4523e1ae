namespace Messaging.Agent.Updates.Fetching;

/// <summary>Who is slower is not waited for.</summary>
/// <param name="window">The time over which it is looked at, and the longest silence.</param>
/// <param name="leastBytes">What has to come in it.</param>
internal sealed class DownloadPace(TimeSpan window, long leastBytes)
{
    public TimeSpan Window => window;

    public long LeastBytes => leastBytes;

    /// <summary>Of a repository, which may be at the other end of a bad link.</summary>
    public static DownloadPace OfRepositories { get; } = new(TimeSpan.FromMinutes(1), 16 * 1024);
}
