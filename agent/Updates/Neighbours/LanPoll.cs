using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Messaging.Agent.Updates.Neighbours;

/// <summary>Waits until one of several sockets has something (poll(2)).</summary>
internal sealed unsafe partial class LanPoll(Socket[] sockets)
{
    private const short HasInput = 1;
    private readonly Entry[] _entries = new Entry[sockets.Length];

    /// <param name="milliseconds">At most.</param>
    public void Wait(int milliseconds)
    {
        for (var i = 0; i < sockets.Length; i++)
        {
            _entries[i] = new Entry { Socket = (int)sockets[i].Handle, Events = HasInput };
        }

        fixed (Entry* entries = _entries)
        {
            // A signal ends it early: nothing is ready then.
            _ = Poll(entries, (nuint)_entries.Length, milliseconds);
        }
    }

    /// <summary>Whether one had something, or an error, at the last wait.</summary>
    public bool IsReady(int socket) => _entries[socket].Found != 0;

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Entry* entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Socket;
        public short Events;
        public short Found;
    }
}
