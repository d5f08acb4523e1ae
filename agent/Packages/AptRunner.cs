using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Messaging.Agent.Packages;

/// <summary>Runs the programs of apt and dpkg: fixed names, arguments as they are, an environment of its own, no input.</summary>
internal sealed class AptRunner(JobOutput output)
{
    public const string Apt = "/usr/bin/apt-get";
    public const string AptCache = "/usr/bin/apt-cache";
    public const string Dpkg = "/usr/bin/dpkg";
    public const string DpkgQuery = "/usr/bin/dpkg-query";

    private const string SearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private const int MaxCaptured = 16 * 1024 * 1024;
    private const int MaxLine = 1024;

    /// <summary>Whose helpers may hold its output open.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>The first error that apt or dpkg has named in this run, for people.</summary>
    public string? FirstError { get; private set; }

    /// <summary>Runs it, with its output to the job's.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="IOException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was ended, with all that it had started.</exception>
    public async Task<int> RunAsync(string program, List<string> arguments, CancellationToken ct)
    {
        FirstError = null;
        return await RunAsync(program, arguments, null, ct);
    }

    /// <summary>Runs it, and keeps what it writes; its errors go to the job's output.</summary>
    /// <exception cref="IOException">It cannot be started, or writes more than can be.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public async Task<(int Code, string Output)> CaptureAsync(string program, List<string> arguments, CancellationToken ct)
    {
        FirstError = null;
        using var captured = new MemoryStream();
        var code = await RunAsync(program, arguments, captured, ct);
        if (captured.Length > MaxCaptured)
        {
            throw new IOException($"{program} has written more than {MaxCaptured} bytes.");
        }

        return (code, Encoding.UTF8.GetString(captured.GetBuffer(), 0, (int)captured.Length));
    }

    private static Process Start(string program, List<string> arguments)
    {
        var info = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        info.Environment["PATH"] = SearchPath;
        info.Environment["LC_ALL"] = "C.UTF-8";
        info.Environment["HOME"] = "/";
        info.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw new IOException($"{program} cannot be started: {e.Message}", e);
        }
    }

    private async Task<int> RunAsync(string program, List<string> arguments, MemoryStream? captured, CancellationToken ct)
    {
        using var process = Start(program, arguments);
        process.StandardInput.Close();
        using var drained = new CancellationTokenSource();
        var reading = Task.WhenAll(
            ReadAsync(process.StandardOutput.BaseStream, captured, drained.Token), ReadAsync(process.StandardError.BaseStream, null, drained.Token));
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
        finally
        {
            drained.CancelAfter(DrainTime);
            await reading;
        }

        return process.ExitCode;
    }

    private async Task ReadAsync(Stream stream, MemoryStream? captured, CancellationToken ct)
    {
        var buffer = new byte[8192];
        var line = new List<byte>();
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, ct)) > 0)
            {
                if (captured is not null)
                {
                    // Read on: it must not wait for a reader.
                    captured.Write(buffer, 0, captured.Length > MaxCaptured ? 0 : count);
                    continue;
                }

                output.Write(buffer.AsSpan(0, count));
                Look(buffer.AsSpan(0, count), line);
            }
        }
        catch (OperationCanceledException)
        {
            // Somebody it left behind holds the pipe; what came so far counts.
        }
    }

    /// <summary>Looks for lines with errors.</summary>
    private void Look(ReadOnlySpan<byte> bytes, List<byte> line)
    {
        foreach (var one in bytes)
        {
            if (one != '\n')
            {
                if (line.Count < MaxLine)
                {
                    line.Add(one);
                }

                continue;
            }

            var text = Encoding.UTF8.GetString([.. line]);
            line.Clear();
            if (text.StartsWith("E: ", StringComparison.Ordinal))
            {
                FirstError ??= text[3..].TrimEnd('.');
            }
            else if (text.StartsWith("dpkg: error", StringComparison.Ordinal))
            {
                FirstError ??= text;
            }
        }
    }
}
