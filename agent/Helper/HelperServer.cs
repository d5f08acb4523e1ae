using System.Net.Sockets;
using Messaging.Agent.Clock;
using Messaging.Agent.Local;
using Messaging.Agent.Systemd;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Helper;

/// <summary>Answers the one request of one connection. What is asked may be anything: the one who asks is not trusted.</summary>
/// <param name="systemd">Does it.</param>
/// <param name="readPolicy">What may be done, now.</param>
/// <param name="users">Who may ask, by their ids.</param>
/// <param name="boot">How long the machine is up.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Each request is written there.</param>
internal sealed partial class HelperServer(
    ISystemd systemd, Func<HelperPolicy> readPolicy, IReadOnlyList<uint> users, IBootClock boot, TimeProvider time, ILogger<HelperServer> logger)
{
    /// <summary>The agent sends its line when it connects.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns when the request is answered, or refused to be read.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    public async Task ServeAsync(Socket connection, CancellationToken ct)
    {
        var peer = PeerCredentials.Of(connection);
        if (!users.Contains(peer.UserId))
        {
            LogStranger(peer.UserId, peer.ProcessId);
            await SendAsync(connection, new HelperAnswer(HelperOutcome.Refused, $"the helper is for the agent, and not for the user {peer.UserId}."));
            return;
        }

        if (await RequestReader.ReadAsync(connection, HelperRequest.MaxBytes, Patience, time, ct) is not { } line || HelperRequest.Parse(line) is not { } request)
        {
            LogMalformed(peer.UserId, peer.ProcessId);
            await SendAsync(connection, new HelperAnswer(HelperOutcome.Refused, "this is no request that the helper understands."));
            return;
        }

        var answer = await AnswerAsync(request, ct);
        LogAnswered(request, peer.UserId, peer.ProcessId, answer.Outcome, answer.Text);
        await SendAsync(connection, answer);
    }

    private static async Task SendAsync(Socket connection, HelperAnswer answer)
    {
        ReadOnlyMemory<byte> rest = answer.Format();
        while (rest.Length > 0)
        {
            rest = rest[await connection.SendAsync(rest, SocketFlags.None, CancellationToken.None)..];
        }
    }

    private async Task<HelperAnswer> AnswerAsync(HelperRequest request, CancellationToken ct)
    {
        try
        {
            if (readPolicy().Judge(request, TimeSpan.FromMilliseconds(boot.UptimeMs)) is { } refusal)
            {
                return new HelperAnswer(HelperOutcome.Refused, refusal);
            }

            if (request is HelperRequest.RestartUnit restart)
            {
                return new HelperAnswer(HelperOutcome.Done, await systemd.RestartUnitAsync(restart.Unit, restart.Limit, ct));
            }

            // Not taken back: who is ended by it says so first.
            await systemd.RebootAsync(CancellationToken.None);
            return new HelperAnswer(HelperOutcome.Done, "accepted");
        }
        catch (HelperPolicyException e)
        {
            return new HelperAnswer(HelperOutcome.Refused, e.Message);
        }
        catch (SystemdException e)
        {
            return new HelperAnswer(HelperOutcome.Failed, $"{e.ErrorName} {e.Message}");
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return new HelperAnswer(HelperOutcome.Late, "the helper was stopped meanwhile, as it is when this machine goes down; systemd goes on trying");
        }
        catch (TimeoutException e)
        {
            return new HelperAnswer(HelperOutcome.Late, e.Message);
        }
        catch (SystemdUnavailableException e)
        {
            return new HelperAnswer(HelperOutcome.Unavailable, e.Message);
        }
    }

    [LoggerMessage(EventId = 3200, Level = LogLevel.Information, Message = "{Request}, asked by user {User}, process {Process}: {Outcome}: {Text}")]
    private partial void LogAnswered(HelperRequest request, uint user, int process, HelperOutcome outcome, string text);

    [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message = "User {User}, process {Process}, asked for something and is not the agent: refused")]
    private partial void LogStranger(uint user, int process);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "User {User}, process {Process}, sent what is no request: refused")]
    private partial void LogMalformed(uint user, int process);
}
