using System.Diagnostics;
using Messaging.Agent.Commands.Output;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Scripts;

/// <summary>
/// Runs a program: a clean environment, a session of its own (setsid), and limits that hold it with everything that it starts. A shell waits for a line until the
/// limits hold, and then becomes the program: it sees neither its name nor its arguments as text.
/// </summary>
internal sealed class ScriptProcess(ScriptCgroups cgroups, TimeProvider time)
{
    private const string Shell = "/bin/sh";
    private const string WaitThenBecome = "read -r go && exec \"$@\"";
    private const string SetSid = "/usr/bin/setsid";
    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly byte[] Go = "go\n"u8.ToArray();

    /// <summary>How long output is waited for after the end: a background process may hold the pipe open for ever.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    /// <summary>How long the kernel may take to clear away what was killed.</summary>
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(2);

    /// <param name="order">What to run.</param>
    /// <param name="output">Gets what it writes, while it writes it.</param>
    /// <param name="cancelled">Asks it to end, and kills it after a while.</param>
    /// <param name="ct">Kills it.</param>
    /// <exception cref="IOException">It cannot be started.</exception>
    public async Task<ScriptRun> RunAsync(ScriptOrder order, OutputStream output, CancellationToken cancelled, CancellationToken ct)
    {
        var cage = new ScriptCage(cgroups, order.Limits, order.Name);
        try
        {
            return await RunAsync(order, cage, output, cancelled, ct);
        }
        finally
        {
            await CloseAsync(cage);
        }
    }

    private async Task<ScriptRun> RunAsync(ScriptOrder order, ScriptCage cage, OutputStream output, CancellationToken cancelled, CancellationToken ct)
    {
        using var process = Start(order);
        var tail = new OutputTail(order.TailBytes);
        using var drained = new CancellationTokenSource();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, OutputSource.Output, tail, output, drained.Token),
            ReadAsync(process.StandardError.BaseStream, OutputSource.Error, tail, output, drained.Token));
        var (end, wasKilled) = (ScriptEnd.Exited, false);
        try
        {
            cage.Take(process.Id);
            await LetGoAsync(process, ct);
            end = await WaitAsync(process, order.Limits.Time, cancelled, ct);
            if (end != ScriptEnd.Exited)
            {
                cage.Terminate();
                wasKilled = !await HasEndedAsync(process, order.Grace, ct);
            }
        }
        finally
        {
            // With everything that it started, whether it ended by itself or not.
            cage.Kill();
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

        end = end == ScriptEnd.Exited && cage.IsOutOfMemory ? ScriptEnd.OutOfMemory : end;
        var (bytes, isCut) = tail.Take();
        return new ScriptRun(process.ExitCode, end, wasKilled, bytes, isCut, cage.Bounds, cage.WasRefusedProcesses);
    }

    private static Process Start(ScriptOrder order)
    {
        var info = new ProcessStartInfo(Shell)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in (ReadOnlySpan<string>)["-c", WaitThenBecome, "sh", SetSid, order.Path])
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var argument in order.Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        info.Environment["PATH"] = SearchPath;
        info.Environment["LANG"] = "C.UTF-8";
        info.Environment["HOME"] = "/";
        try
        {
            return Process.Start(info)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new IOException($"{order.Path} cannot be started by {Shell}: {e.Message}", e);
        }
    }

    private static async Task LetGoAsync(Process process, CancellationToken ct)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(Go, ct);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already; its exit code says how.
        }
    }

    private static async Task ReadAsync(Stream stream, OutputSource source, OutputTail tail, OutputStream output, CancellationToken ct)
    {
        var buffer = new byte[8192];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, ct)) > 0)
            {
                tail.Add(buffer.AsSpan(0, count));
                output.Write(source, buffer.AsSpan(0, count));
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody it left behind holds the pipe; what came so far counts.
        }
    }

    private async Task<ScriptEnd> WaitAsync(Process process, TimeSpan limit, CancellationToken cancelled, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token, cancelled);
        try
        {
            await process.WaitForExitAsync(any.Token);
            return ScriptEnd.Exited;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return cancelled.IsCancellationRequested ? ScriptEnd.Cancelled : ScriptEnd.TimedOut;
        }
    }

    private async Task<bool> HasEndedAsync(Process process, TimeSpan grace, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(grace, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            await process.WaitForExitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>What was killed is not gone at once. What stays is removed at the next start of the agent.</summary>
    private async Task CloseAsync(ScriptCage cage)
    {
        var began = time.GetTimestamp();
        while (!cage.TryClose() && time.GetElapsedTime(began) < CloseTime)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time, CancellationToken.None);
        }
    }
}
