using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>The emulated Raspberry Pi 3, powered.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    private readonly ChildProcess _qemu;
    private readonly string _consoleLog;

    private Emulator(ChildProcess qemu, SerialConsole console, string consoleLog) => (_qemu, Console, _consoleLog) = (qemu, console, consoleLog);

    public SerialConsole Console { get; }

    public bool IsOff => _qemu.HasExited;

    /// <summary>Gets what the kernel and systemd have said.</summary>
    public string Log => File.Exists(_consoleLog) ? File.ReadAllText(_consoleLog) : "";

    public static async Task<Emulator> PowerOn(string card, string scratch)
    {
        var socket = Path.Combine(scratch, "console.sock");
        var log = Path.Combine(scratch, "console.log");
        File.Delete(socket);
        var qemu = ChildProcess.Start("qemu-system-aarch64",
        [
            "-M", "raspi3b", "-m", "1G", "-smp", "4", "-display", "none", "-no-reboot",
            "-kernel", Path.Combine(Board.Image, "kernel"),
            "-initrd", Path.Combine(Board.Image, "initrd.gz"),
            "-dtb", Path.Combine(Board.Image, "board.dtb"),
            "-append", "root=/dev/mmcblk0 rw rootwait console=ttyAMA0,115200 loglevel=4 systemd.log_level=info",
            "-drive", $"file={card},if=sd,format=raw",
            "-device", "usb-net,netdev=n0", "-netdev", "user,id=n0",
            "-serial", $"file:{log}",
            "-serial", $"unix:{socket},server=on,wait=off",
        ]);
        await Eventually.Is("the emulator has made its console", TimeSpan.FromSeconds(30), () => Task.FromResult(
            qemu.HasExited ? throw new InvalidOperationException($"The emulator ended:\n{qemu.Output}") : File.Exists(socket)));
        return new Emulator(qemu, await SerialConsole.Connect(socket), log);
    }

    /// <summary>A power cut: what was not synced is gone.</summary>
    public async Task CutPower()
    {
        await _qemu.KillNow();
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Console.DisposeAsync();
        await _qemu.DisposeAsync();
    }
}
