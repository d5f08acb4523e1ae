using System.Runtime.InteropServices;
using Messaging.Agent.Updates.Rules;

namespace Messaging.Agent.Tests.Updates.Rules;

public sealed class ExecutableMemoryTests
{
    // seccomp.h, filter.h, audit.h and prctl.h of Linux.
    private const int SetNoNewPrivileges = 38;
    private const int SetSeccomp = 22;
    private const int SeccompFilter = 2;
    private const ushort LoadWord = 0x20;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;
    private const uint Allow = 0x7fff0000;
    private const uint RefuseWithEperm = 0x00050001;
    private const uint WriteAndExecute = 6;
    private const uint NumberAt = 0;
    private const uint ThirdArgumentAt = 32;

    [Fact]
    public void IsForbidden_WhereCodeIsCompiled_IsNot() => Assert.False(ExecutableMemory.IsForbidden());

    /// <summary>The filter that systemd's MemoryDenyWriteExecute puts on mmap, for one thread.</summary>
    [Fact]
    public void IsForbidden_UnderTheFilterOfSystemd_Is()
    {
        var mmap = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 9u,
            Architecture.Arm64 => 222u,
            _ => throw new PlatformNotSupportedException(),
        };
        bool? forbidden = null;
        var problem = 0;
        var thread = new Thread(() =>
        {
            problem = Filter(
            [
                new(LoadWord, 0, 0, NumberAt),
                new(JumpIfEqual, 0, 3, mmap),
                new(LoadWord, 0, 0, ThirdArgumentAt),
                new(And, 0, 0, WriteAndExecute),
                new(JumpIfEqual, 1, 0, WriteAndExecute),
                new(Return, 0, 0, Allow),
                new(Return, 0, 0, RefuseWithEperm),
            ]);
            forbidden = ExecutableMemory.IsForbidden();
        });
        thread.Start();
        thread.Join();

        Assert.Equal(0, problem);
        Assert.True(forbidden);
        Assert.False(ExecutableMemory.IsForbidden());
    }

    /// <returns>0, or what went wrong.</returns>
    private static int Filter(Instruction[] instructions)
    {
        var pinned = GCHandle.Alloc(instructions, GCHandleType.Pinned);
        try
        {
            var program = new FilterProgram { Length = (ushort)instructions.Length, Instructions = pinned.AddrOfPinnedObject() };
            return Prctl(SetNoNewPrivileges, 1, 0, 0, 0) != 0 || Prctl(SetSeccomp, SeccompFilter, ref program, 0, 0) != 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        finally
        {
            pinned.Free();
        }
    }

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [DllImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static extern int Prctl(int option, nuint argument2, ref FilterProgram program, nuint argument4, nuint argument5);

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public nint Instructions;
    }

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte whenTrue, byte whenFalse, uint value)
    {
        public readonly ushort Code = code;
        public readonly byte WhenTrue = whenTrue;
        public readonly byte WhenFalse = whenFalse;
        public readonly uint Value = value;
    }
}
