using System.Net.Sockets;
using System.Text.Json;

namespace Messaging.Agent.Status;

/// <summary>Asks the running agent.</summary>
internal static class StatusClient
{
    /// <returns>The snapshot, or null, why there is none, and whether an agent may run all the same.</returns>
    public static async Task<(StatusSnapshot? Snapshot, string? Reason, bool MayRun)> AskAsync(string stateFolder, TimeProvider time, CancellationToken ct)
    {
        var path = StatusSocket.PathIn(stateFolder);
        using var deadline = new CancellationTokenSource(StatusSocket.Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), both.Token);
            var content = await ReadAsync(socket, both.Token);
            return content.Length > 0 ? (StatusJsonReader.Read(content), null, true) : (null, "the agent gave an empty answer", true);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressNotAvailable or SocketError.ConnectionRefused)
        {
            return (null, "nobody listens on its socket", false);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            return (null, "too many are asking it at once: try again", true);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            return (null, "its socket may not be opened by you: try sudo", true);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, $"it did not answer within {StatusSocket.Timeout.TotalSeconds} s", true);
        }
        catch (Exception e) when (e is SocketException or IOException or JsonException or ArgumentException)
        {
            return (null, $"{path}: {e.Message}", true);
        }
    }

    private static async Task<byte[]> ReadAsync(Socket socket, CancellationToken ct)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await socket.ReceiveAsync(buffer, ct) is var count and > 0)
        {
            content.Write(buffer, 0, count);
            if (content.Length > StatusSocket.MaxBytes)
            {
                throw new IOException("the answer is too long");
            }
        }

        return content.ToArray();
    }
}
