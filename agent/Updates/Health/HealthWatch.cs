using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Messaging.Agent.Commands.Scripts;
using Messaging.Agent.Downlink;
using Messaging.Agent.Hosting;
using Messaging.Agent.Systemd;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates.Health;

/// <summary>
/// Whether what was switched works: the agent's own checks (its loops turn, and control was heard since it began to look) and those of the release, all of them together, for
/// as long as the release wants.
/// </summary>
internal sealed class HealthWatch(ControlWord control, LoopBeats beats, ISystemd systemd, ScriptCatalog scripts, TimeProvider time) : IHealthWatch
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CheckLimit = TimeSpan.FromSeconds(15);

    public async Task<string?> WatchAsync(HealthChecks checks, Action<string, TimeSpan> tell, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var deadline = TimeSpan.FromSeconds(checks.DeadlineSeconds);
        long? passing = null;
        var told = "";
        while (true)
        {
            var problem = await FirstProblemAsync(checks, began, ct);
            var now = time.GetTimestamp();
            passing = problem is null ? passing ?? now : null;
            if (passing is { } since && time.GetElapsedTime(since, now) >= TimeSpan.FromSeconds(checks.Seconds))
            {
                return null;
            }

            var left = deadline - time.GetElapsedTime(began, now);
            if (left <= TimeSpan.Zero)
            {
                return problem ?? $"All passes, but not for {checks.Seconds} s yet.";
            }

            var text = problem ?? $"All checks pass; they must for {checks.Seconds} s.";
            if (text != told)
            {
                tell(told = text, left);
            }

            await Task.Delay(left < Step ? left : Step, time, ct);
        }
    }

    /// <summary>Null when all passes now.</summary>
    private async Task<string?> FirstProblemAsync(HealthChecks checks, long began, CancellationToken ct)
    {
        if (beats.Stuck is { Count: > 0 } stuck)
        {
            return $"The agent's {string.Join(", ", stuck)} does not go on.";
        }

        if (!control.WasHeardSince(began))
        {
            return "The fleet's server has not been heard since.";
        }

        if (checks.Units.Count > 0 && await UnitsAsync(checks.Units, ct) is { } unit)
        {
            return unit;
        }

        foreach (var address in checks.Http)
        {
            if (await WithinAsync(stop => HttpAsync(address, stop), ct) is { } problem)
            {
                return $"{address}: {problem}.";
            }
        }

        foreach (var address in checks.Tcp)
        {
            if (await WithinAsync(stop => TcpAsync(address, stop), ct) is { } problem)
            {
                return $"{address}: {problem}.";
            }
        }

        foreach (var name in checks.Scripts)
        {
            if (scripts.Check(name) is { } refused)
            {
                return refused;
            }

            if (await WithinAsync(stop => ScriptAsync(scripts.PathOf(name)!, stop), ct) is { } problem)
            {
                return $"The script {name}: {problem}.";
            }
        }

        return null;
    }

    private async Task<string?> UnitsAsync(IReadOnlyList<string> wanted, CancellationToken ct)
    {
        try
        {
            var units = await systemd.ListUnitsAsync(ct);
            foreach (var name in wanted)
            {
                var state = "not loaded";
                foreach (var unit in units)
                {
                    state = unit.Name == name ? unit.ActiveState : state;
                }

                if (state != "active")
                {
                    return $"The unit {name} is {state}.";
                }
            }

            return null;
        }
        catch (SystemdException e)
        {
            return $"systemd does not say whether {wanted[0]} is active: {e.Message}.";
        }
    }

    private async Task<string?> WithinAsync(Func<CancellationToken, Task<string?>> check, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(CheckLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            return await check(either.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return $"no answer within {CheckLimit.TotalSeconds:0} s";
        }
    }

    private static async Task<string?> HttpAsync(string address, CancellationToken ct)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        try
        {
            using var answer = await http.GetAsync(new Uri(address), HttpCompletionOption.ResponseHeadersRead, ct);
            return answer.IsSuccessStatusCode ? null : $"it answers {(int)answer.StatusCode}";
        }
        catch (HttpRequestException e)
        {
            return e.GetBaseException().Message;
        }
    }

    private static async Task<string?> TcpAsync(string address, CancellationToken ct)
    {
        var colon = address.LastIndexOf(':');
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address[..colon].Trim('[', ']'), int.Parse(address.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture), ct);
            return null;
        }
        catch (SocketException e)
        {
            return e.Message;
        }
    }

    private static async Task<string?> ScriptAsync(string path, CancellationToken ct)
    {
        var start = new ProcessStartInfo(path) { UseShellExecute = false, RedirectStandardInput = true, WorkingDirectory = "/" };

        // Not this one's: it may hold secrets.
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                await process.WaitForExitAsync(ct);
                return process.ExitCode == 0 ? null : $"it ended with {process.ExitCode}";
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
