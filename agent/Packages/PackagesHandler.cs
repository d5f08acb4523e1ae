using Messaging.Agent.Collect;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Commands;

namespace Messaging.Agent.Packages;

/// <summary>Has the helper install, upgrade and remove packages. What it does goes on without the agent, which may be one of the packages.</summary>
internal sealed class PackagesHandler(PackageClient helper, AgentOptions options, TimeProvider time) : ICommandHandler, IDryRun
{
    private const string NoHelper =
        "There is no helper for packages. As root: systemctl enable --now messaging-agent-packages.socket, and write into /etc/messaging-agent/helper.conf what is allowed.";

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>How long a helper that was asked, and does not answer, is asked again, beyond the time that it may take.</summary>
    private static readonly TimeSpan Patience = PackageJob.Grace + TimeSpan.FromMinutes(15);

    public string Type => CommandTypes.Packages;

    public bool NeedsFreshness => true;

    public bool CanBeStopped => true;

    public bool CanBeFollowed => true;

    public string? Check(ReadOnlyMemory<byte> arguments)
    {
        if (!PackagesArguments.TryDecode(arguments.Span, out var decoded))
        {
            return "packages takes what is to be done (install, remove, upgrade, refresh), and with which packages.";
        }

        if (decoded.Limits is { MemoryBytes: not null } or { Processes: not null } or { CpuPermille: not null })
        {
            return "packages takes no limit but of its time and its output: dpkg is not to be ended in the middle.";
        }

        if (decoded.Limits.TimeoutSeconds > options.Commands.PackageTimeout.TotalSeconds)
        {
            return $"The device lets packages take at most {options.Commands.PackageTimeout.TotalSeconds:0} s (Commands:PackageTimeout).";
        }

        foreach (var package in decoded.Packages)
        {
            if (!NamePattern.IsMatch(options.Commands.PackageList(), package.Name))
            {
                return $"The owner of this device does not allow {package.Name} (Commands:Packages).";
            }
        }

        return null;
    }

    public Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct) => RunAsync(context, isDryRun: false, ct);

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct) => RunAsync(context, isDryRun: true, ct);

    private async Task<CommandResult> RunAsync(CommandContext context, bool isDryRun, CancellationToken ct)
    {
        if (!helper.IsThere && !context.IsFollowed)
        {
            return CommandResult.Failed(NoHelper);
        }

        _ = PackagesArguments.TryDecode(context.Arguments.Span, out var arguments);
        if (arguments!.Limits.OutputBytes is { } bytes)
        {
            context.Output.Lower(bytes);
        }

        var limit = arguments.Limits.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.Commands.PackageTimeout;
        var order = new PackageRequest
        {
            Verb = PackageVerb.Run,
            Id = context.Id.ToString(),
            IsDryRun = isDryRun,
            Action = arguments.Action,
            AllowDowngrade = arguments.AllowDowngrade,
            WithRecommends = arguments.WithRecommends,
            Seconds = (int)Math.Ceiling(limit.TotalSeconds),
            Packages = arguments.Packages,
        };
        using var ended = new CancellationTokenSource();
        await using var cancelling = context.Cancelled.Register(() => _ = CancelAsync(context, ended.Token));
        var tail = new OutputTail((int)Math.Min(options.Commands.OutputBytes, CommandReport.MaxOutputBytes));
        try
        {
            var answer = await FollowAsync(context, order, limit + Patience, tail, ct);
            var (output, isCut) = tail.Take();
            return new CommandResult(StateOf(answer.State), Say(answer), answer.ExitCode, output, isCut);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // It goes on; the next start asks what has come of it.
            return isDryRun ? CommandResult.Failed("The agent was stopped.") : new CommandResult(CommandState.Running);
        }
        catch (PackageHelperException e)
        {
            return e.WasAsked ? new CommandResult(CommandState.Unknown, Sentence(e.Message)) : CommandResult.Failed(Sentence(e.Message));
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    private static CommandState StateOf(PackageState state) => state switch
    {
        PackageState.Done => CommandState.Done,
        PackageState.Cancelled => CommandState.Cancelled,
        _ => CommandState.Failed,
    };

    private static string Say(PackageAnswer answer) => answer.State == PackageState.Refused ? "Refused: " + answer.Text : answer.Text;

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    /// <summary>Asks until there is an answer: the helper may be restarted meanwhile, and the machine with it.</summary>
    private async Task<PackageAnswer> FollowAsync(CommandContext context, PackageRequest order, TimeSpan patience, OutputTail tail, CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var pause = FirstPause;
        var wasAsked = context.IsFollowed;
        long received = 0;
        while (true)
        {
            var request = wasAsked ? new PackageRequest { Verb = PackageVerb.Follow, Id = order.Id, Offset = received } : order;
            try
            {
                return await helper.AskAsync(
                    request,
                    piece =>
                    {
                        received += piece.Length;
                        pause = FirstPause;
                        tail.Add(piece.Span);
                        context.Output.Write(OutputSource.Output, piece.Span);
                    },
                    patience,
                    ct);
            }
            catch (PackageHelperException e) when (e.WasAsked || wasAsked)
            {
                wasAsked = true;
                if (time.GetElapsedTime(began) > patience)
                {
                    throw new PackageHelperException(e.Message, wasAsked: true);
                }
            }

            await Task.Delay(pause, time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task CancelAsync(CommandContext context, CancellationToken ct)
    {
        try
        {
            var answer = await helper.AskAsync(new PackageRequest { Verb = PackageVerb.Cancel, Id = context.Id.ToString() }, static _ => { }, TimeSpan.FromSeconds(30), ct);
            if (answer.State != PackageState.Done)
            {
                context.RefuseToEnd(Sentence(answer.Text));
            }
        }
        catch (PackageHelperException e)
        {
            context.RefuseToEnd(Sentence(e.Message));
        }
        catch (OperationCanceledException)
        {
            // It has ended meanwhile.
        }
    }
}
