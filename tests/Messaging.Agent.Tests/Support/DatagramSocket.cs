using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Messaging.Agent.Tests.Support;

/// <summary>A Unix datagram socket at a path, as the journal and the service manager have one.</summary>
internal sealed unsafe partial class DatagramSocket : IDisposable
{
    private const int GetSeals = 1034;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public DatagramSocket(string path)
    {
        Path = path;
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
    }

    public string Path { get; }

    public byte[] Receive()
    {
        var buffer = new byte[256 * 1024];
        return buffer[.._socket.Receive(buffer)];
    }

    public string ReceiveText() => Encoding.UTF8.GetString(Receive());

    /// <summary>Until a message holds the text.</summary>
    public string ReceiveUntil(string text)
    {
        while (true)
        {
            if (ReceiveText() is var message && message.Contains(text, StringComparison.Ordinal))
            {
                return message;
            }
        }
    }

    /// <summary>The content of the file whose descriptor came instead of bytes.</summary>
    public byte[] ReceiveFile()
    {
        var control = stackalloc byte[64];
        var header = new Header { Control = control, ControlLength = 64 };
        Assert.True(ReceiveMessage(_socket.SafeHandle, &header, 0) == 0, "bytes came, or an error: " + Marshal.GetLastPInvokeErrorMessage());
        Assert.True(header.ControlLength > 0, "no descriptor came");
        using var file = new Microsoft.Win32.SafeHandles.SafeFileHandle(*(int*)(control + sizeof(nuint) + (2 * sizeof(int))), ownsHandle: true);
        var content = new byte[RandomAccess.GetLength(file)];
        Assert.Equal(content.Length, RandomAccess.Read(file, content, 0));
        Assert.Equal(0xF, Seals(file, GetSeals));
        return content;
    }

    public void Dispose() => _socket.Dispose();

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(SafeHandle socket, Header* header, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Seals(SafeHandle file, int command);

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
}
