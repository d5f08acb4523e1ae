using System.Diagnostics;
using System.Text;

namespace Messaging.Agent.Tests.Hosting;

/// <summary>The built agent as a child process.</summary>
internal sealed class AgentProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Task _reading;

    public AgentProcess(string state, params string[] arguments)
        : this(state, new Dictionary<string, string>(), arguments)
    {
    }

    public AgentProcess(string state, IReadOnlyDictionary<string, string> environment, params string[] arguments)
        : this([], state, environment, arguments)
    {
    }

    /// <param name="launcher">A program that becomes the agent, and its arguments before the agent's path; empty: none.</param>
    /// <param name="state">The state folder.</param>
    /// <param name="environment">Besides that of the test.</param>
    /// <param name="arguments">The verb first.</param>
    public AgentProcess(IReadOnlyList<string> launcher, string state, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        string[] command = [.. launcher, Path.Combine(AppContext.BaseDirectory, "messaging-agent")];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.ArgumentList.Add(arguments[0]);
        info.ArgumentList.Add("--state");
        info.ArgumentList.Add(state);
        foreach (var argument in arguments.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        _process = Process.Start(info)!;
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput), ReadAsync(_process.StandardError));
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static async Task<(int Code, string Output)> RunAsync(string state, params string[] arguments)
    {
        await using var process = new AgentProcess(state, arguments);
        process._process.StandardInput.Close();
        return (await process.ExitAsync(), process.Output);
    }

    public async Task<int> ExitAsync(int seconds = 120)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("The agent did not end: " + Output);
        }

        await _reading;
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as systemd sends it.</summary>
    public void Terminate() => Signal("TERM");

    public void Interrupt() => Signal("INT");

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task UntilOutputAsync(string text, int seconds = 60)
    {
        var began = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(Stopwatch.GetElapsedTime(began).TotalSeconds < seconds, $"\"{text}\" is not in: {Output}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, _process.Id.ToString()]);
        kill.WaitForExit();
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (_output)
            {
                _output.AppendLine(line);
            }
        }
    }
}
