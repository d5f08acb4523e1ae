using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting.Logging;

/// <summary>
/// Entries with fields for the systemd journal, in its native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/). What the journal
/// does not take goes to the fallback.
/// </summary>
internal sealed class JournalOutput(string path, ILogOutput fallback) : ILogOutput, IDisposable
{
    public const string SystemSocket = "/run/systemd/journal/socket";

    /// <summary>The agent goes on when the journal hangs.</summary>
    private const int PatienceMs = 1000;
    private readonly Lock _gate = new();
    private readonly JournalEntry _entry = new();
    private Socket? _socket;

    public void Write(
        LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? fields, Exception? exception)
    {
        lock (_gate)
        {
            _entry.Begin(level, category, id, message, exception);
            _entry.Add(fields);
            if (TrySend(_entry.Bytes))
            {
                return;
            }
        }

        fallback.Write(level, category, id, message, fields, exception);
    }

    public void Dispose() => _socket?.Dispose();

    private bool TrySend(ReadOnlySpan<byte> entry)
    {
        // A journal that was started anew has a new socket.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            try
            {
                _socket ??= Connect();
                try
                {
                    _socket.Send(entry);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.MessageSize or SocketError.NoBufferSpaceAvailable)
                {
                    MemoryFile.Send(_socket.SafeHandle, entry);
                }

                return true;
            }
            catch (Exception e) when (e is SocketException or IOException)
            {
                _socket?.Dispose();
                _socket = null;
            }
        }

        return false;
    }

    private Socket Connect()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = PatienceMs };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }
}
