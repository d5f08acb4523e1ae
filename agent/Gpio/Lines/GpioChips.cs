using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Gpio.Lines;

/// <summary>Finds lines by name: the kernel's character devices say what their lines are called (include/uapi/linux/gpio.h, version 2).</summary>
internal static unsafe partial class GpioChips
{
    private const nuint GetChipInfo = 0x8044B401;
    private const nuint GetLineInfo = 0xC100B405;
    private const int NameBytes = 32;
    private const string Devices = "/dev";

    /// <summary>The number of the chip and of the line on it.</summary>
    /// <exception cref="IOException">There is none; the message says why.</exception>
    public static (int Chip, int Line) Find(string chip, string line)
    {
        var chips = Directory.EnumerateFiles(Devices, "gpiochip*").Select(path => Path.GetFileName(path))
            .Where(name => int.TryParse(name.AsSpan("gpiochip".Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .OrderBy(name => (long)Number(name)).ToList();
        if (chips.Count == 0)
        {
            throw new IOException("this machine has no GPIO chip: there is no /dev/gpiochip*");
        }

        var isNumber = int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        foreach (var name in chips)
        {
            using var info = Chip.Open(Path.Combine(Devices, name));
            if (chip.Length > 0 && chip != name && chip != info.Label)
            {
                continue;
            }

            if (isNumber)
            {
                return number < info.Lines ? (Number(name), number) : throw new IOException($"{name} has the lines 0 to {info.Lines - 1}, no {number}");
            }

            for (var offset = 0; offset < info.Lines; offset++)
            {
                if (info.NameOf(offset) == line)
                {
                    return (Number(name), offset);
                }
            }
        }

        throw new IOException(isNumber ? $"there is no GPIO chip '{chip}': there are {string.Join(", ", chips)}" : $"no GPIO line is called '{line}'; gpioinfo lists them");
    }

    private static int Number(string chip) => int.Parse(chip.AsSpan("gpiochip".Length), CultureInfo.InvariantCulture);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes[..(bytes.IndexOf((byte)0) is >= 0 and var end ? end : bytes.Length)]);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoControl(int fd, nuint request, byte* argument);

    private sealed class Chip(int fd, string path) : IDisposable
    {
        public string Label { get; private set; } = "";

        public int Lines { get; private set; }

        public static Chip Open(string path)
        {
            int fd;
            fixed (byte* pointer = new KernelPath(path).Bytes)
            {
                fd = LibC.Open(pointer, LibC.ReadOnly | LibC.CloseOnExec);
            }

            if (fd < 0)
            {
                throw Error(path);
            }

            var chip = new Chip(fd, path);
            try
            {
                chip.Ask();
                return chip;
            }
            catch
            {
                chip.Dispose();
                throw;
            }
        }

        public string NameOf(int offset)
        {
            Span<byte> info = stackalloc byte[256];
            info.Clear();
            BitConverter.TryWriteBytes(info[(2 * NameBytes)..], offset);
            fixed (byte* pointer = info)
            {
                return IoControl(fd, GetLineInfo, pointer) < 0 ? throw Error(path) : Text(info[..NameBytes]);
            }
        }

        public void Dispose() => _ = LibC.Close(fd);

        private void Ask()
        {
            Span<byte> info = stackalloc byte[68];
            info.Clear();
            fixed (byte* pointer = info)
            {
                if (IoControl(fd, GetChipInfo, pointer) < 0)
                {
                    throw Error(path);
                }
            }

            Label = Text(info[NameBytes..(2 * NameBytes)]);
            Lines = BitConverter.ToInt32(info[(2 * NameBytes)..]);
        }

        private static IOException Error(string path) => new($"{path}: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }
}
