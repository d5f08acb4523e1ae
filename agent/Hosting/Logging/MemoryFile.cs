using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Messaging.Agent.Hosting.Logging;

/// <summary>Sends what is too large for a datagram as a file in memory: the socket carries its descriptor alone.</summary>
internal static unsafe partial class MemoryFile
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int AllSeals = 0xF; // seal, shrink, grow, write
    private const int SocketLevel = 1;
    private const int Rights = 1;
    private const int NoSignal = 0x4000;

    /// <exception cref="IOException">It was not taken.</exception>
    public static void Send(SafeHandle socket, ReadOnlySpan<byte> content)
    {
        using var file = Create("messaging-agent-log", CloseOnExec | AllowSealing);
        Check(file.IsInvalid ? -1 : 0);
        RandomAccess.Write(file, content, 0);
        Check(Control(file, AddSeals, AllSeals));

        var rights = new DescriptorMessage
        {
            Length = (nuint)(sizeof(nuint) + (2 * sizeof(int)) + sizeof(int)),
            Level = SocketLevel,
            Type = Rights,
            Descriptor = (int)file.DangerousGetHandle(),
        };
        var header = new Header { Control = &rights, ControlLength = (nuint)sizeof(DescriptorMessage) };
        Check((int)SendMessage(socket, &header, NoSignal));
    }

    private static void Check(int result)
    {
        if (result < 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Create(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeHandle socket, Header* header, int flags);

    /// <summary>struct msghdr of the GNU C library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Header
    {
        public void* Name;
        public uint NameLength;
        public void* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct cmsghdr with one descriptor, aligned as CMSG_SPACE does.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct DescriptorMessage
    {
        public nuint Length;
        public int Level;
        public int Type;
        public int Descriptor;
        public int Padding;
    }
}
