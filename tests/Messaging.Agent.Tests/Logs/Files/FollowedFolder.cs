using System.Diagnostics;
using Messaging.Agent.Configuration;
using Messaging.Agent.Logs.Files;
using Messaging.Agent.Tests.Hosting;
using Messaging.Agent.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Messaging.Agent.Tests.Logs.Files;

/// <summary>A folder with log files, and a file source that can be started, stopped and killed over it.</summary>
internal sealed class FollowedFolder : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isStopped = true;

    public FollowedFolder(string patterns = "app.log")
    {
        Options = new AgentOptions
        {
            Logs =
            {
                Files = string.Join(',', patterns.Split(',').Select(_folder.File)),
                Poll = TimeSpan.FromMilliseconds(5),
                PartialLineAge = TimeSpan.FromMilliseconds(100),
            },
        };
    }

    public AgentOptions Options { get; }

    public FixedBootClock Boot { get; } = new();

    public RecordingSink Sink { get; } = new();

    public RecordedEvents Events { get; } = new();

    public FileLogSource? Source { get; private set; }

    public string File(string name) => _folder.File(name);

    public void Append(string name, string text) => System.IO.File.AppendAllText(File(name), text);

    public void Move(string from, string to) => System.IO.File.Move(File(from), File(to), overwrite: true);

    /// <summary>As logrotate's copytruncate.</summary>
    public void CopyTruncate(string from, string to)
    {
        System.IO.File.Copy(File(from), File(to), overwrite: true);
        Truncate(from);
    }

    public void Truncate(string name)
    {
        using var file = new FileStream(File(name), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    public void Start(TimeProvider? time = null)
    {
        _stop = new CancellationTokenSource();
        _isStopped = false;
        Source = new FileLogSource(Options, Events, Boot, time ?? TimeProvider.System, NullLogger<FileLogSource>.Instance);
        _running = Source.RunAsync(Sink.Find(Source.CheckpointPrefix), Sink, _stop.Token);
    }

    /// <summary>Ends the source; what it had in hand is gone, as when the process is killed.</summary>
    public async Task StopAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        catch (Exception e) when (e is OperationCanceledException or CrashException)
        {
            Debug.Assert(_running.IsCompleted);
        }

        _stop.Dispose();
    }

    public bool HasEnded => _running.IsCompleted;

    public async Task Lines(params string[] expected)
    {
        await Eventually.True(() => Sink.Lines.Count >= expected.Length || _running.IsFaulted, $"{expected.Length} lines, after {Sink.Lines.Count}");
        Assert.Equal(expected, Sink.Texts);
    }

    public Task Event(string name) => Eventually.True(() => Events.Names.Contains(name), $"event {name}");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }
}
