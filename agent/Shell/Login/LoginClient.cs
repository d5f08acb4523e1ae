using System.Net.Sockets;
using System.Text;
using Messaging.Sessions;

namespace Messaging.Agent.Shell.Login;

/// <summary>Asks the helper for a shell outside of the agent's sandbox.</summary>
/// <param name="socket">Its path; empty: there is no helper.</param>
/// <param name="time">The clock.</param>
internal sealed class LoginClient(string socket, TimeProvider time)
{
    /// <summary>systemd starts the helper for each shell: on a slow device that takes a while.</summary>
    private static readonly TimeSpan Start = TimeSpan.FromSeconds(30);
    private const int MaxReason = 500;

    /// <summary>Opens one.</summary>
    /// <returns>The shell; or null, and what has to be said of that: nothing where there is no helper.</returns>
    /// <exception cref="OperationCanceledException">It is not wanted any more.</exception>
    public async Task<(LoginConnection? Login, string? Why)> OpenAsync(TerminalSize size, string terminal, CancellationToken ct)
    {
        if (socket.Length == 0 || !File.Exists(socket))
        {
            return (null, null);
        }

        using var deadline = new CancellationTokenSource(Start, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var isOpen = false;
        try
        {
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), either.Token);
            var login = new LoginConnection(connection);
            await login.Stream.WriteAsync(LoginFrame.Open(size, terminal), either.Token);
            var answer = await LoginFrame.ReadAsync(login.Stream, either.Token);
            isOpen = answer is { Kind: LoginFrameKind.Opened };
            return answer switch
            {
                { Kind: LoginFrameKind.Opened } => (login, null),
                { Kind: LoginFrameKind.Refused, Body: var reason } => (null, Readable(reason)),
                _ => (null, Unusable("it ended without an answer")),
            };
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return (null, Unusable("it does not answer"));
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return (null, Unusable(e.Message));
        }
        finally
        {
            if (!isOpen)
            {
                connection.Dispose();
            }
        }
    }

    private static string Readable(ReadOnlySpan<byte> reason)
    {
        var text = new StringBuilder(Encoding.UTF8.GetString(reason[..Math.Min(reason.Length, MaxReason)]));
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = char.IsControl(text[i]) ? ' ' : text[i];
        }

        return text.ToString();
    }

    private string Unusable(string why) => $"the helper at {socket} cannot be used: {why}. See: journalctl -u 'messaging-agent-shell*'";
}
