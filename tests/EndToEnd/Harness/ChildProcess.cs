using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Messaging.EndToEnd.Harness;

/// <summary>A real process under test: its output is kept, and it dies with the test.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<string> _answer = new();
    private readonly SemaphoreSlim _news = new(0);

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>All lines of standard output and error so far.</summary>
    public string Output => string.Join('\n', _lines);

    /// <summary>All lines of standard output alone.</summary>
    public string Answer => string.Join('\n', _answer);

    public static ChildProcess Start(string executable, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(executable)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        child._process.OutputDataReceived += (sender, line) =>
        {
            if (line.Data is not null)
            {
                child._answer.Enqueue(line.Data);
            }

            child.Keep(sender, line);
        };
        child._process.ErrorDataReceived += child.Keep;
        child._process.Exited += (_, _) => child._news.Release();
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Types a line.</summary>
    public async Task Type(string line)
    {
        await _process.StandardInput.WriteAsync(line + "\n");
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> Run(
        string executable, IEnumerable<string> arguments, TimeSpan deadline, IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var child = Start(executable, arguments, environment);
        await child.WaitForExit(deadline);
        return (child.ExitCode, child.Output);
    }

    /// <summary>The first line that contains <paramref name="text"/>; fails when the process ends or the deadline passes before.</summary>
    public async Task<string> WaitForLine(string text, TimeSpan deadline)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancel.CancelAfter(deadline);
        while (true)
        {
            if (_lines.FirstOrDefault(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
            {
                return found;
            }

            if (_process.HasExited)
            {
                throw new InvalidOperationException($"{Name} ended with {_process.ExitCode} before it said '{text}':\n{Output}");
            }

            try
            {
                await _news.WaitAsync(cancel.Token);
            }
            catch (OperationCanceledException e)
            {
                throw new TimeoutException($"{Name} did not say '{text}' within {deadline.TotalSeconds} s:\n{Output}", e);
            }
        }
    }

    public async Task WaitForExit(TimeSpan deadline)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancel.CancelAfter(deadline);
        try
        {
            await _process.WaitForExitAsync(cancel.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{Name} still runs after {deadline.TotalSeconds} s:\n{Output}", e);
        }
    }

    /// <summary>SIGKILL: what a power cut or the kernel's out-of-memory killer does to it.</summary>
    public async Task KillNow()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGTERM: what systemd does to stop it.</summary>
    public void Terminate()
    {
        if (Kill(_process.Id, SigTerm) != 0)
        {
            throw new InvalidOperationException($"kill({_process.Id}) failed: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _news.Dispose();
    }

    private string Name => Path.GetFileName(_process.StartInfo.FileName);

    private void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null)
        {
            _lines.Enqueue(line.Data);
            _news.Release();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
