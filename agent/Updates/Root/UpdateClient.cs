using System.Net.Sockets;

namespace Messaging.Agent.Updates.Root;

/// <summary>Asks the helper for updates.</summary>
/// <param name="socket">Its path.</param>
/// <param name="time">The clock.</param>
internal sealed class UpdateClient(string socket, TimeProvider time) : IUpdateHelper
{
    /// <summary>systemd starts the helper when it is asked: on a slow device that takes a while.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(90);

    /// <summary>systemd listens there, whether the helper runs or not.</summary>
    public bool IsThere => socket.Length > 0 && File.Exists(socket);

    /// <param name="request">What for.</param>
    /// <param name="ct">Ends the waiting, not what was begun.</param>
    /// <exception cref="UpdateHelperException">It does not answer.</exception>
    public async Task<UpdateAnswer> AskAsync(UpdateRequest request, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(UpdateJobs.LongestStep + Start, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), either.Token);
            await connection.SendAsync(request.Format(), SocketFlags.None, either.Token);
            return await ReadAsync(connection, either.Token) ?? throw Unusable("it ended without an answer");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw Unusable("it does not answer");
        }
        catch (SocketException e)
        {
            throw Unusable(e.Message);
        }
    }

    private static async Task<UpdateAnswer?> ReadAsync(Socket connection, CancellationToken ct)
    {
        var line = new byte[UpdateAnswer.MaxBytes];
        var length = 0;
        while (length < line.Length && line.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            var read = await connection.ReceiveAsync(line.AsMemory(length), SocketFlags.None, ct);
            if (read == 0)
            {
                return null;
            }

            length += read;
        }

        return UpdateAnswer.Parse(line.AsSpan(0, length));
    }

    private UpdateHelperException Unusable(string why) => new($"The helper at {socket} cannot be used: {why}. See: journalctl -u messaging-agent-updates");
}
