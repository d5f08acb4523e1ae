using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Messaging.Agent.Updates.Root;

/// <summary>Runs the hook of a kind with a verb: an environment of its own, no input, bounded time; what it writes goes to the log, and its last line is what people read.</summary>
/// <param name="folders">Where hooks are, the first one first.</param>
/// <param name="log">Gets what it writes, line by line.</param>
internal sealed class HookRunner(IReadOnlyList<string> folders, Action<string> log) : IHooks
{
    /// <summary>It cannot be done on this device.</summary>
    public const int Unsupported = 69;

    /// <summary>It cannot be done now.</summary>
    public const int Later = 75;

    private const int MaxLine = 300;
    private const int Killed = 137;

    /// <summary>What it left in the background may hold its output open.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    public string? Find(string kind)
    {
        foreach (var folder in folders)
        {
            var path = Path.Combine(folder, kind);
            if (File.Exists(path) && (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != UnixFileMode.None)
            {
                return path;
            }
        }

        return null;
    }

    public async Task<(int Code, string Line)> RunAsync(string hook, string verb, KeyValues environment, TimeSpan limit)
    {
        using var process = Start(hook, verb, environment);
        process.StandardInput.Close();
        var last = "";
        using var drained = new CancellationTokenSource();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, log, drained.Token),
            ReadAsync(process.StandardError, line => log(last = line), drained.Token));
        using var deadline = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            return (Killed, $"{verb} took longer than {limit.TotalSeconds:0} s and was killed");
        }

        try
        {
            await reading.WaitAsync(DrainTime);
        }
        catch (TimeoutException)
        {
            await drained.CancelAsync();
        }

        return (process.ExitCode, last);
    }

    private static Process Start(string hook, string verb, KeyValues environment)
    {
        var info = new ProcessStartInfo(hook)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        info.ArgumentList.Add(verb);
        info.Environment.Clear();
        info.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        info.Environment["LC_ALL"] = "C";
        foreach (var (key, value) in environment.All)
        {
            info.Environment[key] = value;
        }

        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{hook} cannot be started: {e.Message}", e);
        }
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> log, CancellationToken ct)
    {
        var buffer = new char[1024];
        var line = new StringBuilder();
        try
        {
            int count;
            while ((count = await reader.ReadAsync(buffer, ct)) > 0)
            {
                foreach (var c in buffer.AsSpan(0, count))
                {
                    if (c == '\n')
                    {
                        Say(line, log);
                    }
                    else if (line.Length < MaxLine)
                    {
                        line.Append(char.IsControl(c) ? ' ' : c);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // What came so far counts.
        }

        Say(line, log);
    }

    private static void Say(StringBuilder line, Action<string> log)
    {
        if (line.Length > 0)
        {
            log(line.ToString());
            line.Clear();
        }
    }
}
