using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>
/// Runs a program: no shell, a clean environment, a session of its own (setsid), so that it is killed with everything it started.
/// </summary>
internal sealed partial class ScriptProcess(TimeProvider time)
{
    private const string SetSid = "/usr/bin/setsid";
    private const int Kill = 9;
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long output is waited for after the end: a background process may hold the pipe open for ever.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    /// <param name="path">The program.</param>
    /// <param name="arguments">Passed as they are.</param>
    /// <param name="timeout">Killed after this.</param>
    /// <param name="outputLimit">Bytes of output that are kept.</param>
    /// <param name="progress">Called with the output so far, when there is more of it.</param>
    /// <param name="ct">Kills it.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public async Task<ScriptRun> RunAsync(
        string path, IReadOnlyList<string> arguments, TimeSpan timeout, int outputLimit, Action<ReadOnlyMemory<byte>, bool> progress, CancellationToken ct)
    {
        using var process = Start(path, arguments);
        var output = new ScriptOutput(outputLimit);
        using var drained = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, output, drained.Token),
            ReadAsync(process.StandardError.BaseStream, output, drained.Token));
        using var deadline = new CancellationTokenSource(timeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        var timedOut = false;
        try
        {
            await ReportUntilExitAsync(process, output, progress, limit.Token);
        }
        catch (OperationCanceledException)
        {
            timedOut = !ct.IsCancellationRequested;
        }
        finally
        {
            // With everything that it started, whether it ended by itself or not.
            _ = KillGroup(-process.Id, Kill);
            if (!process.HasExited)
            {
                // Killed before it had its own session.
                process.Kill();
            }
        }

        await process.WaitForExitAsync(CancellationToken.None);
        ct.ThrowIfCancellationRequested();
        try
        {
            await reading.WaitAsync(DrainTime, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await drained.CancelAsync();
        }

        var (bytes, truncated) = output.Take();
        return new ScriptRun(process.ExitCode, timedOut, bytes, truncated);
    }

    private static Process Start(string path, IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(SetSid)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.ArgumentList.Add(path);
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        info.Environment["PATH"] = SearchPath;
        info.Environment["LANG"] = "C.UTF-8";
        info.Environment["HOME"] = "/";
        try
        {
            var process = Process.Start(info)!;
            process.StandardInput.Close();
            return process;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{path} cannot be started by {SetSid}: {e.Message}", e);
        }
    }

    private static async Task ReadAsync(Stream stream, ScriptOutput output, CancellationToken ct)
    {
        var buffer = new byte[8192];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, ct)) > 0)
            {
                output.Add(buffer.AsSpan(0, count));
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody it left behind holds the pipe; what came so far counts.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int KillGroup(int group, int signal);

    private async Task ReportUntilExitAsync(Process process, ScriptOutput output, Action<ReadOnlyMemory<byte>, bool> progress, CancellationToken ct)
    {
        var exit = process.WaitForExitAsync(ct);
        var told = 0;
        while (await Task.WhenAny(exit, Task.Delay(ProgressInterval, time, ct)) != exit)
        {
            ct.ThrowIfCancellationRequested();
            var (bytes, truncated) = output.Take();
            if (bytes.Length > told)
            {
                told = bytes.Length;
                progress(bytes, truncated);
            }
        }

        await exit;
    }
}
