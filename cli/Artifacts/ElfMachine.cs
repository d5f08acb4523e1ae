using System.Buffers.Binary;

namespace Messaging.Cli.Artifacts;

/// <summary>For which machine an executable is (ELF header, System V ABI), in the word that the agent has for itself.</summary>
internal static class ElfMachine
{
    private const int HeaderBytes = 20;
    private const int MachineAt = 18;
    private const ushort Arm = 40;
    private const ushort X64 = 62;
    private const ushort Arm64 = 183;

    /// <summary><c>linux-arm64</c>, <c>linux-x64</c> or <c>linux-arm</c>; null for anything else.</summary>
    public static string? Of(string path)
    {
        var header = new byte[HeaderBytes];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan().StartsWith("\u007fELF"u8)
            ? null
            : BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(MachineAt)) switch
            {
                Arm => "linux-arm",
                X64 => "linux-x64",
                Arm64 => "linux-arm64",
                _ => null,
            };
    }
}
