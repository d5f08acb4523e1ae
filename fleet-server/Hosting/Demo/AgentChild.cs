using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Messaging.FleetServer.Hosting.Demo;

/// <summary>One run of the agent: its output goes to a file, and it is ended kindly before it is killed.</summary>
internal sealed class AgentChild : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private readonly Process _process;
    private readonly TimeProvider _time;
    private readonly Task _output;

    private AgentChild(Process process, TextWriter log, TimeProvider time)
    {
        _process = process;
        _time = time;
        _output = Task.WhenAll(CopyAsync(process.StandardOutput, log), CopyAsync(process.StandardError, log));
    }

    public int Pid => _process.Id;

    /// <summary>The newest line that it wrote to its error stream or its output.</summary>
    public string LastLine { get; private set; } = "";

    /// <param name="input">What it reads on its standard input: secrets go there, because arguments are public on a machine.</param>
    public static async Task<AgentChild> StartAsync(
        ChildLauncher launcher, string program, IReadOnlyList<string> arguments, string input, TextWriter log, TimeProvider time)
    {
        var process = await launcher.StartAsync(program, arguments);
        var child = new AgentChild(process, log, time);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        return child;
    }

    /// <summary>Its exit code, once it has ended and all it said is written down.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        await _output.WaitAsync(cancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // It may end between the question and the signal: then there is nobody to tell, which is as well.
            _ = Kill(_process.Id, SigTerm);
            try
            {
                await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience, _time, CancellationToken.None);
            }
            catch (TimeoutException)
            {
                _process.Kill(entireProcessTree: true);
                await _process.WaitForExitAsync(CancellationToken.None);
            }
        }

        await _output;
        _process.Dispose();
    }

    private async Task CopyAsync(StreamReader from, TextWriter to)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            LastLine = line;
            lock (to)
            {
                to.WriteLine(line);
                to.Flush();
            }
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
