using Messaging.EndToEnd.Harness;

namespace Messaging.Pi.Harness;

/// <summary>The emulated Raspberry Pi 3, powered.</summary>
internal sealed class Emulator : IAsyncDisposable
{
    private readonly ChildProcess _qemu;
    private readonly string _consoleLog;

    private Emulator(ChildProcess qemu, SerialConsole console, Machine machine, string consoleLog) =>
        (_qemu, Console, Machine, _consoleLog) = (qemu, console, machine, consoleLog);

    public SerialConsole Console { get; }

    public Machine Machine { get; }

    public bool IsOff => _qemu.HasExited;

    /// <summary>Gets what the kernel and systemd have said.</summary>
    public string Log => File.Exists(_consoleLog) ? File.ReadAllText(_consoleLog) : "";

    public static async Task<Emulator> PowerOn(string card, string scratch)
    {
        var socket = Path.Combine(scratch, "console.sock");
        var log = Path.Combine(scratch, "console.log");
        var control = Path.Combine(scratch, "control.sock");
        File.Delete(socket);
        File.Delete(control);
        var qemu = ChildProcess.Start("qemu-system-aarch64",
        [
            "-M", "raspi3b", "-m", "1G", "-smp", "4", "-display", "none", "-no-reboot",
            "-kernel", Path.Combine(Board.Image, "kernel"),
            "-initrd", Path.Combine(Board.Image, "initrd.gz"),
            "-dtb", Path.Combine(Board.Image, "board.dtb"),
            "-append", "root=/dev/mmcblk0 rw rootwait console=ttyAMA0,115200 loglevel=4 systemd.log_level=info",
            "-drive", $"file={card},if=sd,format=raw",
            "-device", "usb-net,netdev=n0", "-netdev", "user,id=n0",
            // The I2C bus of the header's pins 3 and 5.
            "-device", "emc1413,id=thermometer,bus=i2c-bus.1,address=0x4c",
            "-device", "tmp105,id=probe,bus=i2c-bus.1,address=0x48",
            "-device", "lsm303dlhc_mag,id=compass,bus=i2c-bus.1,address=0x1e",
            "-qmp", $"unix:{control},server=on,wait=off",
            "-serial", $"file:{log}",
            "-serial", $"unix:{socket},server=on,wait=off",
        ]);
        await Eventually.Is("the emulator has made its console", TimeSpan.FromSeconds(30), () => Task.FromResult(
            qemu.HasExited ? throw new InvalidOperationException($"The emulator ended:\n{qemu.Output}") : File.Exists(socket) && File.Exists(control)));
        return new Emulator(qemu, await SerialConsole.Connect(socket), await Machine.Connect(control), log);
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
        await Machine.DisposeAsync();
        await _qemu.DisposeAsync();
    }
}
