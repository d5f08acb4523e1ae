using System.CommandLine;
using Messaging.Cli.Commands;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Server;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary>Signs a command here, has the server bring it to devices, and shows what becomes of it.</summary>
internal sealed class CommandSender(CommonOptions common, ParseResult parsed, KeyOptions keys, string keyFile)
{
    public static readonly TimeSpan DefaultExpiry = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProposalExpiry = TimeSpan.FromHours(24);

    /// <summary>The plan's expiry was asked for; else the usual one is taken.</summary>
    public bool HasExpiry { get; init; }

    /// <summary>How long it may wait when nobody says.</summary>
    public TimeSpan Usual { get; init; } = DefaultExpiry;

    /// <summary>Ends when the server has it.</summary>
    public bool NoWait { get; init; }

    public bool Json { get; init; }

    /// <summary>Watches it in the place of what this does, once the server has it, and gives the exit code; null: this does.</summary>
    public Func<CancellationToken, Task<int>>? Follow { get; init; }

    /// <summary>Opens a session with the server for it.</summary>
    /// <inheritdoc cref="SendAsync(FleetSession, CommandPlan, bool, IReadOnlyCollection{PrincipalId}, CancellationToken)"/>
    public async Task<int> SendAsync(CommandPlan plan, bool isSet, IReadOnlyCollection<PrincipalId>? ids, CancellationToken ct)
    {
        var settings = common.Read(parsed);
        using var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
        return await SendAsync(session, plan, isSet, ids, ct);
    }

    /// <summary>Returns the exit code: 0 when it is done.</summary>
    /// <param name="session">With the server.</param>
    /// <param name="plan">What is to be signed.</param>
    /// <param name="isSet">It is for a set of devices.</param>
    /// <param name="ids">Whom the set has; null: all active devices.</param>
    /// <param name="ct">Ends the watching; the command goes on.</param>
    public async Task<int> SendAsync(FleetSession session, CommandPlan plan, bool isSet, IReadOnlyCollection<PrincipalId>? ids, CancellationToken ct)
    {
        CommandOrder order;
        CommandIssuer issuer;
        using (var ring = keys.Open(parsed, [keyFile]))
        {
            var now = TimeProvider.System.GetUtcNow();
            issuer = CommandIssuer.Find(session.Trust.Roster, ring.Keys[0].Public, plan.Kind.Type, now);
            if (issuer.Note is { } note)
            {
                Show.Note(parsed, TerminalText.Line($"fleetctl: note: {note}"));
            }

            if (!HasExpiry)
            {
                plan = plan with { ExpiresIn = UsualExpiry(issuer, now) };
            }

            // After what the server says of the devices: numbers rise in the order of signing.
            var set = isSet ? await MembersAsync(session.Api, plan, ids, ct) : null;
            var boot = set is null && plan.Kind.BoundToBoot ? (await session.Api.GetDeviceAsync(plan.Device, ct)).Boot?.Read() : null;
            var sequence = await new CommandSequence(Seen.PlaceOfKey(common, parsed, keyFile, ring.Keys[0].Public), TimeProvider.System).NextAsync(ct);
            var (version, signedAt) = (session.Trust.Roster.Version, TimeProvider.System.GetUtcNow());
            var content = set is null
                ? plan.ForDevice(issuer.Principal.Id, sequence, version, boot, signedAt)
                : plan.ForSet(issuer.Principal.Id, sequence, version, set, signedAt);
            order = CommandOrder.Of(
                issuer.Needed > 1 ? Messaging.Commands.Command.SignJointly(content, ring.Keys[0]) : Messaging.Commands.Command.Sign(ring.Keys[0], content), set);
        }

        if (issuer.Needed > 1)
        {
            return Proposed(await session.Api.PostProposalAsync(order, ct), order);
        }

        await PostAsync(session.Api, plan, order, ct);
        if (Follow is { } follow)
        {
            return await WatchedAsync(follow, plan, ct);
        }

        if (order.Set is not null)
        {
            return await SetEndAsync(session.Api, plan, ct);
        }

        if (!NoWait)
        {
            return await FollowAsync(session.Api, plan, ct);
        }

        if (Json)
        {
            Show.Json(parsed, await session.Api.GetCommandAsync(plan.Device, plan.Id, ct), ReplyJson.Default.CommandReply);
        }
        else
        {
            Show.Lines(parsed, [plan.Id.ToString()]);
        }

        return ExitCodes.Ok;
    }

    private async Task<int> WatchedAsync(Func<CancellationToken, Task<int>> follow, CommandPlan plan, CancellationToken ct)
    {
        try
        {
            return await follow(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Show.Note(parsed, $"The command {plan.Id} goes on without this watching it.");
            throw;
        }
    }

    private TimeSpan UsualExpiry(CommandIssuer issuer, DateTimeOffset now)
    {
        var usual = issuer.Needed > 1 ? ProposalExpiry : Usual;
        return issuer.WaitsUntil is { } end && end - now > usual ? end - now : usual;
    }

    /// <summary>The chosen devices, by what the server says of them: it can leave one out, which shows, and add none, for what is signed is this.</summary>
    private async Task<DeviceSet> MembersAsync(
        FleetApi api, CommandPlan plan, IReadOnlyCollection<PrincipalId>? ids, CancellationToken ct)
    {
        var known = new Dictionary<PrincipalId, (BootId Id, long UptimeMs)?>();
        foreach (var device in await api.GetDevicesAsync(ct))
        {
            if (PrincipalId.TryParse(device.Id, out var id))
            {
                known[id] = device.Boot?.Read();
            }
        }

        var missing = ids?.Where(id => !known.ContainsKey(id)).ToList() ?? [];
        if (missing.Count > 0)
        {
            throw new CliException($"{missing.Count} of the devices are not active devices of this fleet, the first is {missing[0]}. Nothing was sent.");
        }

        var (set, unbound) = plan.Members((ids ?? known.Keys).Select(id => (id, known[id])));
        if (unbound > 0)
        {
            Show.Note(parsed, $"fleetctl: note: {unbound} devices are left out: {plan.Kind.Type} is bound to a device's boot, and they have not been there since the server started or ever");
        }

        return set ?? throw new CliException("There is no device that it could be signed for. Nothing was sent.");
    }

    private static async Task PostAsync(FleetApi api, CommandPlan plan, CommandOrder order, CancellationToken ct)
    {
        try
        {
            await (order.Set is null ? api.PostCommandAsync(plan.Device, order.Command, ct) : api.PostSetAsync(order, ct));
        }
        catch (CliException e) when (e.Code == ExitCodes.Unavailable)
        {
            throw new CliException($"{e.Message} Whether the server has the command {plan.Id} is not known; the dashboard shows it then.", e.Code);
        }
    }

    private int Proposed(ProposalReply reply, CommandOrder order)
    {
        if (Json)
        {
            Show.Json(parsed, reply, ReplyJson.Default.ProposalReply);
        }
        else
        {
            Show.Lines(parsed, [order.Command.Content.Id.ToString()]);
        }

        Show.Note(parsed, TerminalText.Line(
            $"proposed, signed by {reply.Signers?.Count ?? 0} of {reply.Needed}; others sign it by: fleetctl command approve {order.Command.Content.Id} {OrderText.Digest(order)} --key FILE"));
        return ExitCodes.Ok;
    }

    private async Task<int> SetEndAsync(FleetApi api, CommandPlan plan, CancellationToken ct)
    {
        var follower = new SetFollower(one => api.GetSetAsync(plan.Id, one), TimeProvider.System, parsed.InvocationConfiguration.Error);
        CommandSetReply reply;
        try
        {
            reply = NoWait ? await api.GetSetAsync(plan.Id, ct) : await follower.FollowAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Show.Note(parsed, $"The command {plan.Id} goes on without this watching it.");
            throw;
        }

        if (Json)
        {
            Show.Json(parsed, reply, ReplyJson.Default.CommandSetReply);
        }
        else if (NoWait)
        {
            Show.Lines(parsed, [plan.Id.ToString()]);
        }
        else
        {
            await ShowOthersAsync(api, plan, ct);
        }

        Show.Note(parsed, TerminalText.Line(reply.ProgressLine));
        return NoWait || reply.IsDone ? ExitCodes.Ok : ExitCodes.Failed;
    }

    /// <summary>A line for each device that did not do it, or, in a dry run, that said something.</summary>
    private async Task ShowOthersAsync(FleetApi api, CommandPlan plan, CancellationToken ct)
    {
        string? next = null;
        do
        {
            var page = await api.GetSetMembersAsync(plan.Id, plan.DryRun ? "" : "failed,rejected,expired,unknown,cancelled", next, ct);
            Show.Lines(parsed, (page.Items ?? []).Select(static one => TerminalText.Line($"{one.DeviceId} {one.State}{(one.ExitCode is { } code ? $" ({code})" : "")}: {one.Message}")));
            next = page.Next;
        }
        while (next is not null);
    }

    private async Task<int> FollowAsync(FleetApi api, CommandPlan plan, CancellationToken ct)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        using var raw = Console.IsOutputRedirected && ReferenceEquals(output, Console.Out) ? Console.OpenStandardOutput() : null;
        var follower = new CommandFollower(
            one => api.GetCommandAsync(plan.Device, plan.Id, one),
            Json ? null : (from, one) => api.GetOutputAsync(plan.Device, plan.Id, from, one),
            new OutputPrinter(output, error, raw),
            TimeProvider.System,
            error);
        try
        {
            return End(await follower.FollowAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Show.Note(parsed, $"The command {plan.Id} goes on without this watching it.");
            throw;
        }
    }

    private int End(CommandReply reply)
    {
        if (Json)
        {
            Show.Json(parsed, reply, ReplyJson.Default.CommandReply);
        }

        Show.Note(parsed, TerminalText.Line(reply.EndLine));
        return reply.IsDone ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
