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
    private const string NetworkManager = "org.freedesktop.NetworkManager";
    private const string NetworkManagerPath = "/org/freedesktop/NetworkManager";
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

    /// <summary>A mocked NetworkManager with its property Metered.</summary>
    public async Task StartNetworkManagerAsync(uint metered)
    {
        Tool.Require("/usr/lib/python3/dist-packages/dbusmock/__main__.py", "python3-dbusmock");
        Start(Tool.Require("/usr/bin/python3", "python3"), ["-m", "dbusmock", "--system", NetworkManager, NetworkManagerPath, NetworkManager]);
        await Eventually.True(
            () => Send("org.freedesktop.DBus.Mock.AddProperty", $"string:{NetworkManager}", "string:Metered", "variant:uint32:0") || _processes[^1].HasExited,
            "the mock");
        Assert.False(_processes[^1].HasExited, "dbusmock ended");
        await SetMeteredAsync(metered);
    }

    /// <summary>Changes it, which is told by a signal.</summary>
    public Task SetMeteredAsync(uint metered) => Eventually.True(
        () => Send("org.freedesktop.DBus.Properties.Set", $"string:{NetworkManager}", "string:Metered", $"variant:uint32:{metered}"), "the property is set");

    /// <summary>Ends what was started last.</summary>
    public async Task StopLastAsync()
    {
        _processes[^1].Kill();
        await _processes[^1].WaitForExitAsync();
        _processes[^1].Dispose();
        _processes.RemoveAt(_processes.Count - 1);
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

    private bool Send(string method, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Tool.Require("/usr/bin/dbus-send", "dbus"),
            [$"--bus={Address}", "--print-reply", $"--dest={NetworkManager}", NetworkManagerPath, method, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        process.WaitForExit();
        return process.ExitCode == 0;
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
