using System.Diagnostics;
using System.Runtime.CompilerServices;
using Messaging.Agent.Tests.Support;

namespace Messaging.Agent.Tests.Systemd;

/// <summary>
/// A dbus-daemon of the test's own, and on it a peer that answers as systemd does (fake_systemd.py, on Debian's python3-dbus and
/// python3-gi). libsystemd and the bus are real; systemd is not.
/// </summary>
internal sealed class PrivateBus : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];

    public string Address => $"unix:path={_folder.File("bus")}";

    public IReadOnlyList<string> Calls => File.Exists(_folder.File("calls")) ? File.ReadAllLines(_folder.File("calls")) : [];

    public async Task StartAsync()
    {
        var config = _folder.Write("bus.conf", $"""
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>custom</type>
              <listen>{Address}</listen>
              <auth>EXTERNAL</auth>
              <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy>
            </busconfig>
            """);
        Start(Tool.Require("/usr/bin/dbus-daemon", "dbus"), [$"--config-file={config}", "--nofork", "--nopidfile"]);
        await Eventually.True(() => File.Exists(_folder.File("bus")), "the bus");
    }

    public async Task StartSystemdAsync(params string[] options)
    {
        Tool.Require("/usr/lib/python3/dist-packages/dbus/__init__.py", "python3-dbus");
        Tool.Require("/usr/lib/python3/dist-packages/gi/__init__.py", "python3-gi");
        Start(Tool.Require("/usr/bin/python3", "python3"), [Script(), _folder.File("calls"), .. options]);
        await Eventually.True(() => Calls.Contains("ready") || _processes[^1].HasExited, "the peer");
        Assert.False(_processes[^1].HasExited, "fake_systemd.py ended");
    }

    public async Task StopAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _processes.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    private static string Script([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "fake_systemd.py");

    private void Start(string path, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(path, arguments) { UseShellExecute = false };
        start.Environment["DBUS_SYSTEM_BUS_ADDRESS"] = Address;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        _processes.Add(Process.Start(start)!);
    }
}
