using System.Diagnostics;
using System.Globalization;
using Messaging.Relay.Tests.Support;

namespace Messaging.Relay.Tests.Legacy;

/// <summary>An agent in another language, with cryptography that somebody else wrote (seed_agent.py; Debian's python3-cryptography).</summary>
internal sealed class PythonAgent : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    private PythonAgent(Process process) => (_process, _errors) = (process, process.StandardError.ReadToEndAsync());

    public static PythonAgent Start(Uri url, int udpPort, string channelId)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (ReadOnlySpan<string>)[Path.Combine(AppContext.BaseDirectory, "Legacy", "seed_agent.py"), url.ToString(), udpPort.ToString(CultureInfo.InvariantCulture), channelId])
        {
            start.ArgumentList.Add(argument);
        }

        return new PythonAgent(Process.Start(start) ?? throw new InvalidOperationException("python3 did not start."));
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The last line that it wrote.</returns>
    public async Task<string> EndAsync()
    {
        var output = await _process.StandardOutput.ReadToEndAsync(Wait.Timeout);
        await _process.WaitForExitAsync(Wait.Timeout);
        Assert.True(_process.ExitCode == 0, await _errors);
        return output.TrimEnd().Split('\n')[^1];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
