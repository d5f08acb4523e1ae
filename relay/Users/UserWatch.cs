using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Messaging.Relay.Users;

/// <summary>Reads the users at the start, and again whenever their file changes.</summary>
/// <param name="users">What is read.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when the system cannot tell of changes.</param>
internal sealed partial class UserWatch(UserDirectory users, TimeProvider time, ILogger<UserWatch> logger) : IHostedService, IDisposable
{
    /// <summary>How often it is looked at without being told: network file systems tell nothing of what other machines do.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private FileSystemWatcher? _watcher;
    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Watched first, so that no change falls between.
        _watcher = Watch();
        users.Load();
        _timer = time.CreateTimer(_ => users.Reload(), null, Interval, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _timer?.Dispose();
    }

    private FileSystemWatcher? Watch()
    {
        try
        {
            var path = System.IO.Path.GetFullPath(users.Path);
            var watcher = new FileSystemWatcher(System.IO.Path.GetDirectoryName(path)!, System.IO.Path.GetFileName(path));

            // It is replaced by rename. What is written to other files of the folder, all the time, wakes nobody.
            watcher.NotifyFilter = NotifyFilters.FileName;
            watcher.Renamed += (_, _) => users.Reload();
            watcher.Created += (_, _) => users.Reload();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            // The machine has no watches left, say.
            LogUnwatched(logger, Interval.TotalSeconds, error.Message);
            return null;
        }
    }

    [LoggerMessage(1073, LogLevel.Warning, "Changes of MQTT's users are found every {Seconds} s, since the system does not tell of them: {Reason}")]
    private static partial void LogUnwatched(ILogger logger, double seconds, string reason);
}
