using System.Net.Sockets;

namespace Messaging.Agent.Helper;

/// <summary>Reads the one line of a connection. Whoever sends it is not trusted.</summary>
internal static class RequestReader
{
    /// <summary>Null when there is none: too long, or not ended by a line feed in time.</summary>
    /// <param name="connection">Whose.</param>
    /// <param name="maxBytes">Of the line, its line feed included.</param>
    /// <param name="patience">How long it is waited for.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ct">Ends the waiting.</param>
    /// <exception cref="SocketException">The connection broke.</exception>
    public static async Task<byte[]?> ReadAsync(Socket connection, int maxBytes, TimeSpan patience, TimeProvider time, CancellationToken ct = default)
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        var buffer = new byte[maxBytes + 1];
        var length = 0;
        try
        {
            while (length < buffer.Length && buffer.AsSpan(0, length).IndexOf((byte)'\n') < 0)
            {
                var read = await connection.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, either.Token);
                if (read == 0)
                {
                    break;
                }

                length += read;
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return null;
        }

        return length > maxBytes ? null : buffer[..length];
    }
}
