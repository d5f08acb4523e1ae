using System.Collections.Concurrent;
using System.Diagnostics;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>
/// Starts children that end with this process, even when it is killed. The kernel does that (PR_SET_PDEATHSIG, set by setpriv), but
/// it takes the end of the *thread* that started the child for the end of the parent, so one thread, which lives as long as the
/// process, starts them all.
/// </summary>
internal sealed class ChildLauncher : IDisposable
{
    private const string SetPriv = "/usr/bin/setpriv";
    private readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> _requests = [];
    private readonly Thread _thread;

    public ChildLauncher()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "child launcher" };
        _thread.Start();
    }

    /// <summary>False where setpriv (package util-linux) is missing: then children outlive a killed parent.</summary>
    public static bool EndsChildrenWithParent => File.Exists(SetPriv);

    /// <summary>Starts a program with its output redirected. Its process id is the program's own: setpriv becomes it.</summary>
    public Task<Process> StartAsync(string program, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(EndsChildrenWithParent ? SetPriv : program)
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        if (EndsChildrenWithParent)
        {
            start.ArgumentList.Add("--pdeathsig");
            start.ArgumentList.Add("TERM");
            start.ArgumentList.Add("--");
            start.ArgumentList.Add(program);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add((start, started));
        return started.Task;
    }

    /// <summary>The thread stays until the process ends: its children would take its end for ours.</summary>
    public void Dispose() => _requests.CompleteAdding();

    private void Run()
    {
        foreach (var (start, started) in _requests.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
            }
#pragma warning disable CA1031 // It is handed to who asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                started.SetException(e);
            }
        }

        Thread.CurrentThread.Join(Timeout.Infinite);
    }
}
