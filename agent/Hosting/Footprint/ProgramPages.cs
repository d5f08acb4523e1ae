using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Messaging.Agent.Collect.Kernel;

namespace Messaging.Agent.Hosting.Footprint;

/// <summary>
/// The pages of this program's and its libraries' files in memory. What runs once (reading options, enrolling, the first TLS handshake) stays mapped for good on a
/// machine that has memory to spare, and is what a machine that has none must find out about first.
/// </summary>
internal static unsafe partial class ProgramPages
{
    // elf.h
    private const uint Load = 1;
    private const uint Dynamic = 2;
    private const uint Writable = 2;
    private const ulong TextRelocations = 22;
    private const ulong Flags = 30;
    private const ulong HasTextRelocations = 4;

    private const int DontNeed = 4;

    /// <summary>
    /// Unmaps the pages of code and constants. They are the files' and nobody writes to them, so nothing can be lost: what is still used comes back from the
    /// page cache at its next use. The dynamic linker unloads nothing while it tells what is loaded.
    /// </summary>
    /// <returns>How many bytes of the address space that was.</returns>
    public static long Release()
    {
        long released = 0;

        // A 32-bit program's headers are of another size.
        if (sizeof(nuint) == sizeof(ulong))
        {
            _ = ForEachObject(&ReleaseObject, &released);
        }

        return released;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ReleaseObject(LoadedObject* loaded, nuint size, long* released)
    {
        if (WritesToItsCode(loaded))
        {
            return 0;
        }

        var page = (ulong)LibC.PageSize;
        for (var i = 0; i < loaded->Count; i++)
        {
            var header = loaded->Headers + i;
            if (header->Type != Load || (header->Flags & Writable) != 0)
            {
                continue;
            }

            // Whole pages only: the last one may be shared with the segment that follows.
            var from = (loaded->Base + header->Address + page - 1) / page * page;
            var to = (loaded->Base + header->Address + header->FileSize) / page * page;
            if (to > from && Advise((void*)from, (nuint)(to - from), DontNeed) == 0)
            {
                *released += (long)(to - from);
            }
        }

        return 0;
    }

    /// <summary>True for an object whose code the dynamic linker has changed in memory: its pages are not the file's any more.</summary>
    private static bool WritesToItsCode(LoadedObject* loaded)
    {
        for (var i = 0; i < loaded->Count; i++)
        {
            var header = loaded->Headers + i;
            if (header->Type != Dynamic)
            {
                continue;
            }

            var entries = (ulong*)(loaded->Base + header->Address);
            for (var at = 0; entries[at] != 0; at += 2)
            {
                if (entries[at] == TextRelocations || (entries[at] == Flags && (entries[at + 1] & HasTextRelocations) != 0))
                {
                    return true;
                }
            }
        }

        return false;
    }

    [LibraryImport("libc", EntryPoint = "dl_iterate_phdr")]
    private static partial int ForEachObject(delegate* unmanaged[Cdecl]<LoadedObject*, nuint, long*, int> callback, long* data);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    /// <summary>What dl_phdr_info of link.h begins with.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LoadedObject
    {
        public ulong Base;
        public byte* Name;
        public ProgramHeader* Headers;
        public ushort Count;
    }

    /// <summary>Elf64_Phdr.</summary>
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
