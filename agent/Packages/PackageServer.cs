using System.Net.Sockets;
using System.Text;
using Messaging.Agent.Helper;
using Messaging.Agent.Local;
using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Packages;

/// <summary>
/// Does what is asked over its socket, one after the other, and tells whoever follows. What is done does not depend on who asked: an agent that is restarted by
/// it, or ends, asks again. Ends when nobody has asked for a while; systemd starts it again.
/// </summary>
/// <param name="jobs">Does it.</param>
/// <param name="store">Keeps it.</param>
/// <param name="users">Who may ask, by their ids.</param>
/// <param name="idle">How long it waits for somebody.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Each request is written there.</param>
internal sealed partial class PackageServer(
    PackageJob jobs, PackageStore store, IReadOnlyList<uint> users, TimeSpan idle, TimeProvider time, ILogger<PackageServer> logger)
{
    private const int MaxConnections = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LiveJob> _live = new(StringComparer.Ordinal);

    /// <summary>Ends when it is idle, or is stopped and dpkg has ended.</summary>
    public async Task RunAsync(Socket listener, CancellationToken ct)
    {
        var connections = new List<Task>();
        Settle();
        while (!ct.IsCancellationRequested)
        {
            connections.RemoveAll(static one => one.IsCompleted);
            using var wait = CancellationTokenSource.CreateLinkedTokenSource(ct);
            wait.CancelAfter(idle);
            try
            {
                var connection = await listener.AcceptAsync(wait.Token);
                if (connections.Count >= MaxConnections)
                {
                    connection.Dispose();
                    continue;
                }

                connections.Add(ServeAsync(connection));
            }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested)
            {
                if (connections.TrueForAll(static one => one.IsCompleted) && Live().Count == 0)
                {
                    return;
                }
            }
            catch (OperationCanceledException)
            {
                // What has not begun does not begin any more; what dpkg does is waited for.
                break;
            }
        }

        foreach (var job in Live())
        {
            job.Gate.TryStop("The helper was stopped before dpkg began.");
        }

        foreach (var job in Live())
        {
            await job.Task;
        }

        await Task.WhenAll(connections);
    }

    /// <summary>What an earlier helper did not come to the end of goes first.</summary>
    private void Settle()
    {
        foreach (var id in store.Unfinished())
        {
            LogSettling(id);
            Begin(id, output => jobs.SettleAsync(id, output), new BeginGate());
        }
    }

    private List<LiveJob> Live()
    {
        lock (_gate)
        {
            return [.. _live.Values];
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using (connection)
            {
                var peer = PeerCredentials.Of(connection);
                if (!users.Contains(peer.UserId))
                {
                    LogStranger(peer.UserId, peer.ProcessId);
                    await SendAsync(connection, new PackageAnswer(PackageState.Refused, null, $"the helper is for the agent, and not for the user {peer.UserId}.").Format());
                    return;
                }

                if (await RequestReader.ReadAsync(connection, PackageRequest.MaxBytes, Patience, time) is not { } line || PackageRequest.Parse(line) is not { } request)
                {
                    LogMalformed(peer.UserId, peer.ProcessId);
                    await SendAsync(connection, new PackageAnswer(PackageState.Refused, null, "this is no request that the helper understands.").Format());
                    return;
                }

                LogAsked(request, peer.UserId, peer.ProcessId);
                await AnswerAsync(connection, request);
            }
        }
        catch (SocketException e)
        {
            // It goes on, and is told when it is asked for again.
            LogGone(e.Message);
        }
        catch (IOException e)
        {
            LogStore(e.Message);
        }
    }

    private async Task AnswerAsync(Socket connection, PackageRequest request)
    {
        switch (request.Verb)
        {
            case PackageVerb.Cancel:
                await SendAsync(connection, Cancel(request.Id).Format());
                return;
            case PackageVerb.Run:
                if (TryBegin(request) is { } problem)
                {
                    await SendAsync(connection, problem.Format());
                    return;
                }

                break;
            default:
                TryForgo(request.Id, PackageState.Failed, "The helper was never asked for it: nothing was done.");
                break;
        }

        await FollowAsync(connection, request.Id, request.Offset);
    }

    /// <returns>Null, or why it is not done.</returns>
    private PackageAnswer? TryBegin(PackageRequest request)
    {
        try
        {
            lock (_gate)
            {
                if (store.Has(request.Id))
                {
                    // It was asked for twice, or given up before it came.
                    return null;
                }

                store.Create(request);
                var gate = new BeginGate();
                Begin(request.Id, output => jobs.RunAsync(request, output, gate), gate);
            }

            return null;
        }
        catch (IOException e)
        {
            return new PackageAnswer(PackageState.Failed, null, $"The helper cannot keep what it is asked for, so that it does nothing: {e.Message}");
        }
    }

    /// <summary>What was never asked for is never done from now on: whoever asks after it takes it for that.</summary>
    /// <returns>False when it was asked for.</returns>
    private bool TryForgo(string id, PackageState state, string why)
    {
        lock (_gate)
        {
            if (store.Has(id))
            {
                return false;
            }

            store.Create(new PackageRequest { Verb = PackageVerb.Follow, Id = id });
            store.End(id, new PackageAnswer(state, null, why));
            return true;
        }
    }

    private PackageAnswer Cancel(string id)
    {
        if (TryForgo(id, PackageState.Cancelled, "It was cancelled before the helper was asked for it: nothing was changed."))
        {
            return new PackageAnswer(PackageState.Done, null, "It is not begun.");
        }

        LiveJob? job;
        lock (_gate)
        {
            job = _live.GetValueOrDefault(id);
        }

        return job is null ? new PackageAnswer(PackageState.Refused, null, "It has ended.")
            : job.Gate.TryStop("It was cancelled before dpkg began.") ? new PackageAnswer(PackageState.Done, null, "It is stopped.")
            : new PackageAnswer(PackageState.Refused, null, "dpkg has begun: it is not stopped in the middle, because that would leave packages half installed.");
    }

    private void Begin(string id, Func<JobOutput, Task<PackageAnswer>> run, BeginGate gate)
    {
        lock (_gate)
        {
            var before = new List<Task>();
            foreach (var job in _live.Values)
            {
                before.Add(job.Task);
            }

            var one = new LiveJob(gate, new JobOutput(store.OutputOf(id)));
            _live[id] = one;
            one.Task = RunAsync(id, one, run, before);
        }
    }

    private async Task RunAsync(string id, LiveJob job, Func<JobOutput, Task<PackageAnswer>> run, List<Task> before)
    {
        // One after the other, in the order in which they came.
        await Task.WhenAll(before).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        PackageAnswer answer;
        try
        {
            answer = await run(job.Output);
            job.Output.Sync();
            store.End(id, answer);
        }
        catch (Exception e)
        {
            // Whatever happens is its outcome. The next start of the helper settles it.
            LogFailed(e, id);
            answer = new PackageAnswer(PackageState.Failed, null, e.Message);
        }

        LogEnded(id, answer.State, answer.Text);
        lock (_gate)
        {
            _live.Remove(id);
        }

        job.Output.End(answer);
        job.Gate.Dispose();
    }

    /// <summary>What it writes, from an offset on, and its outcome.</summary>
    private async Task FollowAsync(Socket connection, string id, long offset)
    {
        JobOutput? live;
        lock (_gate)
        {
            live = _live.GetValueOrDefault(id)?.Output;
        }

        using var kept = live is null ? new JobOutput(store.OutputOf(id)) : null;
        kept?.End(store.Outcome(id) ?? new PackageAnswer(PackageState.Failed, null, "What has become of it was not kept."));
        var output = live ?? kept!;
        var buffer = new byte[8192];
        while (await output.ReadAsync(offset, buffer, CancellationToken.None) is { Length: > 0 } piece)
        {
            await SendAsync(connection, Encoding.ASCII.GetBytes($"output {piece.Length}\n"));
            await SendAsync(connection, piece);
            offset += piece.Length;
        }

        await SendAsync(connection, output.Answer!.Format());
    }

    private static async Task SendAsync(Socket connection, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await connection.SendAsync(bytes, SocketFlags.None, CancellationToken.None)..];
        }
    }

    [LoggerMessage(EventId = 3220, Level = LogLevel.Information, Message = "{Request}, asked by user {User}, process {Process}")]
    private partial void LogAsked(PackageRequest request, uint user, int process);

    [LoggerMessage(EventId = 3221, Level = LogLevel.Warning, Message = "User {User}, process {Process}, asked for something and is not the agent: refused")]
    private partial void LogStranger(uint user, int process);

    [LoggerMessage(EventId = 3222, Level = LogLevel.Warning, Message = "User {User}, process {Process}, sent what is no request: refused")]
    private partial void LogMalformed(uint user, int process);

    [LoggerMessage(EventId = 3223, Level = LogLevel.Information, Message = "{Id}: {State}: {Text}")]
    private partial void LogEnded(string id, PackageState state, string text);

    [LoggerMessage(EventId = 3224, Level = LogLevel.Information, Message = "Whoever asked has gone: {Why}")]
    private partial void LogGone(string why);

    [LoggerMessage(EventId = 3225, Level = LogLevel.Error, Message = "{Id} cannot be brought to its end")]
    private partial void LogFailed(Exception e, string id);

    [LoggerMessage(EventId = 3226, Level = LogLevel.Warning, Message = "{Id} was not brought to its end by an earlier helper")]
    private partial void LogSettling(string id);

    [LoggerMessage(EventId = 3227, Level = LogLevel.Error, Message = "What was done cannot be read: {Why}")]
    private partial void LogStore(string why);

    /// <summary>One that is done, or waits for those before.</summary>
    private sealed class LiveJob(BeginGate gate, JobOutput output)
    {
        public BeginGate Gate { get; } = gate;

        public JobOutput Output { get; } = output;

        public Task Task { get; set; } = Task.CompletedTask;
    }
}
