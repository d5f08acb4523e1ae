using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Hosting.Footprint;

/// <summary>
/// The pages of this program's file in memory. What runs once (reading options, enrolling, the first TLS handshake) stays mapped for good on a machine that
/// has memory to spare, and is what a machine that has none must find out about first.
/// </summary>
internal static unsafe partial class ProgramPages
{
    // auxv of the kernel: the program's own headers in memory.
    private const nuint AtHeaders = 3;
    private const nuint AtHeaderSize = 4;
    private const nuint AtHeaderCount = 5;

    // elf.h
    private const uint Load = 1;
    private const uint Headers = 6;
    private const uint Writable = 2;

    private const int DontNeed = 4;

    /// <summary>
    /// Unmaps the pages of code and constants. They are the file's and nobody writes to them, so nothing can be lost: what is still used comes back from the
    /// page cache at its next use. Only this program's own segments: nobody unloads these.
    /// </summary>
    /// <returns>How many bytes of the address space that was.</returns>
    public static long Release()
    {
        var first = (byte*)GetAuxiliaryValue(AtHeaders);
        var (size, count) = ((int)GetAuxiliaryValue(AtHeaderSize), (int)GetAuxiliaryValue(AtHeaderCount));
        if (first == null || size != sizeof(ProgramHeader) || Self(first, count) is not { } self)
        {
            return 0;
        }

        long released = 0;
        var page = (nuint)LibC.PageSize;
        for (var i = 0; i < count; i++)
        {
            var header = (ProgramHeader*)first + i;
            if (header->Type != Load || (header->Flags & Writable) != 0)
            {
                continue;
            }

            // Whole pages only: the last one may be shared with the segment that follows.
            var from = (self + (nuint)header->Address + page - 1) / page * page;
            var to = (self + (nuint)header->Address + (nuint)header->FileSize) / page * page;
            if (to > from && Advise((void*)from, to - from, DontNeed) == 0)
            {
                released += (long)(to - from);
            }
        }

        return released;
    }

    /// <summary>By how much the program lies above the addresses of its headers.</summary>
    private static nuint? Self(byte* first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var header = (ProgramHeader*)first + i;
            if (header->Type == Headers)
            {
                return (nuint)first - (nuint)header->Address;
            }
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "getauxval")]
    private static partial nuint GetAuxiliaryValue(nuint type);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    /// <summary>Elf64_Phdr. A 32-bit program's are of another size and left alone.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ProgramHeader
    {
        public uint Type;
        public uint Flags;
        public ulong Offset;
        public ulong Address;
        public ulong PhysicalAddress;
        public ulong FileSize;
        public ulong MemorySize;
        public ulong Alignment;
    }
}
