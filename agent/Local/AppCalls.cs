using System.Text;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Agent.Local;

/// <summary>Which program listens under which name, and the commands that are with them.</summary>
internal sealed class AppCalls(AgentOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IAppListener> _listeners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Call> _calls = new(StringComparer.Ordinal);

    /// <returns>Null, or why it may not listen.</returns>
    public string? Listen(string name, IAppListener listener)
    {
        if (!options.Local.AppList().Contains(name, StringComparer.Ordinal))
        {
            return $"{name} is not in Local:Apps";
        }

        lock (_gate)
        {
            return _listeners.TryAdd(name, listener) ? null : $"another program listens as {name}";
        }
    }

    /// <summary>The program went away: what it had not finished nobody knows.</summary>
    public void Leave(IAppListener listener)
    {
        List<Call> left;
        lock (_gate)
        {
            foreach (var (name, one) in _listeners)
            {
                if (one == listener)
                {
                    _listeners.Remove(name);
                }
            }

            left = [.. _calls.Values.Where(call => call.Listener == listener)];
        }

        left.ForEach(call => call.Ended.TrySetResult(new CommandResult(CommandState.Unknown, "The program went away before it said how the command ended.")));
    }

    /// <summary>Whether the command is this program's.</summary>
    public bool Output(IAppListener listener, string id, string text) => Find(listener, id)?.Write(text) ?? false;

    /// <summary>Whether the command is this program's.</summary>
    public bool End(IAppListener listener, LocalRequest.Ended ended) =>
        Find(listener, ended.Id)?.Ended.TrySetResult(ended.IsDone ? CommandResult.Done(ended.Message) : CommandResult.Failed(ended.Message)) ?? false;

    /// <summary>Gives a command to the program and waits for its answer.</summary>
    public async Task<CommandResult> RunAsync(AppArguments arguments, CommandContext context, CancellationToken ct)
    {
        var id = context.Id.ToString();
        Call call;
        lock (_gate)
        {
            if (!_listeners.TryGetValue(arguments.Name, out var listener))
            {
                return CommandResult.Failed($"No program listens as {arguments.Name} now.");
            }

            _calls[id] = call = new Call(listener, context.Output, (int)Math.Min(options.Commands.OutputBytes, CommandReport.MaxOutputBytes));
        }

        try
        {
            return await call.Listener.SendAsync(Line(id, arguments), ct)
                ? await WaitAsync(call, ct)
                : CommandResult.Failed("The program did not take the command.");
        }
        finally
        {
            lock (_gate)
            {
                _calls.Remove(id);
            }
        }
    }

    private static string Line(string id, AppArguments arguments)
    {
        var line = new StringBuilder($"command {id} {arguments.Name}");
        foreach (var argument in arguments.Arguments)
        {
            line.Append(' ').Append(LineTokens.Quote(argument));
        }

        if (arguments.Payload.Length > 0)
        {
            line.Append(" payload=").Append(Convert.ToBase64String(arguments.Payload.Span));
        }

        return line.ToString();
    }

    private async Task<CommandResult> WaitAsync(Call call, CancellationToken ct)
    {
        try
        {
            var ended = await call.Ended.Task.WaitAsync(options.Local.AppTimeout, time, ct);
            var (output, isCut) = call.Tail.Take();
            return ended with { Output = output, OutputTruncated = isCut };
        }
        catch (TimeoutException)
        {
            var (output, isCut) = call.Tail.Take();
            return new CommandResult(
                CommandState.Unknown, $"The program did not say within {options.Local.AppTimeout.TotalSeconds:0} s how the command ended.", null, output, isCut);
        }
    }

    private Call? Find(IAppListener listener, string id)
    {
        lock (_gate)
        {
            return _calls.TryGetValue(id, out var call) && call.Listener == listener ? call : null;
        }
    }

    private sealed class Call(IAppListener listener, OutputStream output, int tailBytes)
    {
        public IAppListener Listener => listener;

        public OutputTail Tail { get; } = new(tailBytes);

        public TaskCompletionSource<CommandResult> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Write(string text)
        {
            var bytes = Encoding.UTF8.GetBytes(text + "\n");
            Tail.Add(bytes);
            output.Write(OutputSource.Output, bytes);
            return true;
        }
    }
}
