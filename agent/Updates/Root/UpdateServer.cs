using System.Net.Sockets;
using Messaging.Agent.Helper;
using Messaging.Agent.Local;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Updates.Root;

/// <summary>
/// Does what is asked over its socket, one after the other, whether who asked still listens or not. Ends when nobody has asked for a while; systemd starts it
/// again.
/// </summary>
/// <param name="jobs">Does it.</param>
/// <param name="users">Who may ask, by their ids.</param>
/// <param name="next">Restarts the agent or the machine, after the answer.</param>
/// <param name="idle">How long it waits for somebody.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Each request is written there.</param>
internal sealed partial class UpdateServer(
    UpdateJobs jobs, IReadOnlyList<uint> users, Func<string, Task> next, TimeSpan idle, TimeProvider time, ILogger<UpdateServer> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Ends when it is idle, or is stopped and what it does has ended.</summary>
    public async Task RunAsync(Socket listener, CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(ct);
            wait.CancelAfter(idle);
            try
            {
                using var connection = await listener.AcceptAsync(wait.Token);
                await ServeAsync(connection);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException e)
            {
                // It was done all the same, and is asked for again.
                LogGone(e.Message);
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        var peer = PeerCredentials.Of(connection);
        if (!users.Contains(peer.UserId))
        {
            LogStranger(peer.UserId, peer.ProcessId);
            await SendAsync(connection, new UpdateAnswer(UpdateOutcome.Refused, UpdatePhase.None, "", $"The helper is for the agent, and not for the user {peer.UserId}."));
            return;
        }

        if (await RequestReader.ReadAsync(connection, UpdateRequest.MaxBytes, Patience, time) is not { } line || UpdateRequest.Parse(line) is not { } request)
        {
            LogMalformed(peer.UserId, peer.ProcessId);
            await SendAsync(connection, new UpdateAnswer(UpdateOutcome.Refused, UpdatePhase.None, "", "This is no request that the helper understands."));
            return;
        }

        LogAsked(request);
        var answer = await jobs.DoAsync(request, CancellationToken.None);
        LogDone(request, answer.Outcome, answer.Phase, answer.Text);
        var word = request.Verb is UpdateVerb.Switch or UpdateVerb.Rollback && answer.Outcome != UpdateOutcome.Later ? jobs.Next(request.Id) : "";
        try
        {
            await SendAsync(connection, answer with { Next = word });
        }
        finally
        {
            if (word.Length > 0)
            {
                LogNext(word);
                await next(word);
            }
        }
    }

    private static async Task SendAsync(Socket connection, UpdateAnswer answer)
    {
        ReadOnlyMemory<byte> bytes = answer.Format();
        while (bytes.Length > 0)
        {
            bytes = bytes[await connection.SendAsync(bytes, SocketFlags.None, CancellationToken.None)..];
        }
    }

    [LoggerMessage(EventId = 3240, Level = LogLevel.Information, Message = "{Request}")]
    private partial void LogAsked(UpdateRequest request);

    [LoggerMessage(EventId = 3241, Level = LogLevel.Information, Message = "{Request}: {Outcome}, {Phase}: {Text}")]
    private partial void LogDone(UpdateRequest request, UpdateOutcome outcome, UpdatePhase phase, string text);

    [LoggerMessage(EventId = 3242, Level = LogLevel.Warning, Message = "User {User}, process {Process}, asked for something and is not the agent: refused")]
    private partial void LogStranger(uint user, int process);

    [LoggerMessage(EventId = 3243, Level = LogLevel.Warning, Message = "User {User}, process {Process}, sent what is no request: refused")]
    private partial void LogMalformed(uint user, int process);

    [LoggerMessage(EventId = 3244, Level = LogLevel.Information, Message = "Who asked does not listen any more: {Reason}")]
    private partial void LogGone(string reason);

    [LoggerMessage(EventId = 3245, Level = LogLevel.Information, Message = "Next: {Word}")]
    private partial void LogNext(string word);
}
