using System.Diagnostics;
using Messaging.Agent.Disk;
using Messaging.Agent.Recordings;
using Messaging.Agent.Sessions;
using Messaging.Agent.Shell;
using Messaging.Agent.Tests.Support;
using Messaging.Crypto;
using Messaging.Recordings;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Recordings;

/// <summary>What recording costs: run by hand, figures in ADR 46.</summary>
public sealed class RecordingCost
{
    private const int Shown = 50_000_000;

    [Fact(Explicit = true)]
    public async Task Shell_ThatShows50Megabytes_WithAndWithout()
    {
        using var folder = new TemporaryFolder();
        foreach (var run in new[] { "warm-up", "first", "second" })
        {
            var plain = await Measure(Start(), null);
            var path = folder.File(run);
            using var identity = IdentityKey.Generate();
            using var auditor = HpkeKeyPair.Generate();
            var sealer = RecordingSealer.Begin(
                identity, new IdentityOrigin(identity.Public.Point.ToArray(), []), PrincipalId.FromIdentityKey(identity.Public), CommandId.Generate(), null, [auditor.Public]);
            using var recorder = new Recorder(
                path, PhysicalDisk.Instance.Open(path, create: true), sealer, new RecorderLimits(long.MaxValue, 0, static () => null), TimeProvider.System, static _ => { });
            var recorded = await Measure(new RecordedBody(Start(), recorder, "[recorded]\r\n"), recorder);
            TestContext.Current.SendDiagnosticMessage(
                $"{run}: plain {plain.Cpu.TotalMilliseconds:0} ms of CPU in {plain.Wall.TotalMilliseconds:0} ms; recorded {recorded.Cpu.TotalMilliseconds:0} ms in {recorded.Wall.TotalMilliseconds:0} ms, {new FileInfo(path).Length} bytes for {recorded.Bytes}");
        }
    }

    private static ShellBody Start()
    {
        var terminal = Terminal.Open(new TerminalSize(80, 24));
        var program = ProgramStart.OnTerminal(
            terminal.Path, "/bin/sh", ["sh", "-c", $"stty -onlcr; yes 'Nov 29 20:01:02 pi kernel: [    1.234567] usb 1-1: new high-speed USB device number 2' | head -c {Shown}"], "/", ["PATH=/usr/bin:/bin"]);
        return new ShellBody(terminal, program);
    }

    private static async Task<(TimeSpan Cpu, TimeSpan Wall, long Bytes)> Measure(SessionBody body, Recorder? recorder)
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        var (before, watch, bytes) = (process.TotalProcessorTime, Stopwatch.StartNew(), 0L);
        var changed = new Messaging.Agent.Uplink.Signal();
        body.Changed += changed.Set;
        while (body.End is null)
        {
            while (body.NextToSend() is { } message)
            {
                bytes += message.Body.Length;
            }

            if (body.End is null)
            {
                await changed.WaitAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }

        body.Dispose();
        Assert.Null(recorder?.Problem);
        process.Refresh();
        return (process.TotalProcessorTime - before, watch.Elapsed, bytes);
    }
}
