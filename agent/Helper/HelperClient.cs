using System.Net.Sockets;
using Messaging.Agent.Systemd;

namespace Messaging.Agent.Helper;

/// <summary>Asks the helper.</summary>
/// <param name="socket">Its path.</param>
/// <param name="time">The clock.</param>
internal sealed class HelperClient(string socket, TimeProvider time)
{
    /// <summary>systemd starts the helper for each request: on a slow device that takes a while.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(90);

    /// <summary>systemd listens there, whether a helper runs or not.</summary>
    public bool IsThere => socket.Length > 0 && File.Exists(socket);

    /// <param name="request">What for.</param>
    /// <param name="limit">How long doing it may take, besides starting the helper.</param>
    /// <param name="ct">Ends the waiting, not what was begun.</param>
    /// <exception cref="SystemdUnavailableException">It does not answer.</exception>
    public async Task<HelperAnswer> AskAsync(HelperRequest request, TimeSpan limit, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(limit + Start, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var buffer = new byte[HelperAnswer.MaxBytes];
        var length = 0;
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), either.Token);
            await connection.SendAsync(request.Format(), SocketFlags.None, either.Token);
            int read;
            while (length < buffer.Length && (read = await connection.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, either.Token)) > 0)
            {
                length += read;
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unavailable("it does not answer");
        }
        catch (SocketException e)
        {
            throw Unavailable(e.Message);
        }

        return HelperAnswer.Parse(buffer.AsSpan(0, length)) ?? throw Unavailable("it ended without an answer");
    }

    private SystemdUnavailableException Unavailable(string why) =>
        new($"the helper at {socket} cannot be used: {why}. See: journalctl -u 'messaging-agent-helper*'");
}
