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
    private const uint Writable = 2;

    private const int DontNeed = 4;

    // Documentation/admin-guide/mm/pagemap.rst of the kernel.
    private const ulong IsPresent = 1UL << 63;
    private const ulong IsSwapped = 1UL << 62;
    private const ulong IsOfFile = 1UL << 61;

    private const int EntriesAtOnce = 512;

    /// <summary>
    /// Unmaps pages of code and constants. They are the files', so nothing can be lost: what is still used comes back from the page cache at its next use. Pages that
    /// somebody has written to are no longer the file's and stay: CoreCLR keeps a secret among its constants, without which it ends the process. The dynamic linker
    /// unloads nothing while it tells what is loaded.
    /// </summary>
    /// <returns>How many bytes of the address space that was.</returns>
    public static long Release()
    {
        // A 32-bit program's headers are of another size.
        if (sizeof(nuint) != sizeof(ulong))
        {
            return 0;
        }

        int pages;
        fixed (byte* path = "/proc/self/pagemap\0"u8)
        {
            pages = LibC.Open(path, LibC.ReadOnly | LibC.CloseOnExec);
        }

        if (pages < 0)
        {
            return 0;
        }

        var releasing = new Releasing { Pages = pages };
        _ = ForEachObject(&ReleaseObject, &releasing);
        _ = LibC.Close(pages);
        return releasing.Bytes;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int ReleaseObject(LoadedObject* loaded, nuint size, Releasing* releasing)
    {
        var page = (ulong)LibC.PageSize;
        for (var i = 0; i < loaded->Count; i++)
        {
            var header = loaded->Headers + i;
            if (header->Type == Load && (header->Flags & Writable) == 0)
            {
                // Whole pages only: the last one may be shared with the segment that follows.
                var from = (loaded->Base + header->Address + page - 1) / page;
                var to = (loaded->Base + header->Address + header->FileSize) / page;
                for (; from < to; from += EntriesAtOnce)
                {
                    releasing->Bytes += ReleasePages(releasing->Pages, from, (int)Math.Min(to - from, EntriesAtOnce));
                }
            }
        }

        return 0;
    }

    /// <summary>Unmaps those of some pages that are the file's.</summary>
    private static long ReleasePages(int map, ulong first, int count)
    {
        var entries = stackalloc ulong[EntriesAtOnce];
        if (ReadAt(map, entries, (nuint)count * sizeof(ulong), (long)first * sizeof(ulong)) != (nint)count * sizeof(ulong))
        {
            return 0;
        }

        long released = 0;
        var page = (ulong)LibC.PageSize;
        var begin = 0;
        for (var i = 0; i <= count; i++)
        {
            if (i < count && (entries[i] & IsSwapped) == 0 && (entries[i] & (IsPresent | IsOfFile)) != IsPresent)
            {
                continue;
            }

            var length = (ulong)(i - begin) * page;
            if (length > 0 && Advise((void*)((first + (ulong)begin) * page), (nuint)length, DontNeed) == 0)
            {
                released += (long)length;
            }

            begin = i + 1;
        }

        return released;
    }

    [LibraryImport("libc", EntryPoint = "dl_iterate_phdr")]
    private static partial int ForEachObject(delegate* unmanaged[Cdecl]<LoadedObject*, nuint, Releasing*, int> callback, Releasing* data);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "pread")]
    private static partial nint ReadAt(int fd, void* buffer, nuint count, long offset);

    private struct Releasing
    {
        public int Pages;
        public long Bytes;
    }

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
