using System.CommandLine;
using Messaging.Cli.Commands;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Server;
using Messaging.Cli.Storage;
using Messaging.Commands;
using Messaging.Commands.Catalog;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl command</c></summary>
internal static class CommandVerb
{
    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProposalExpiry = TimeSpan.FromHours(24);
    private const int MaxFileBytes = FileReadArguments.MaxBytes;

    public static System.CommandLine.Command Create(CommonOptions common, ITerminal terminal)
    {
        var words = new Argument<string[]>("DEVICE> <TYPE")
        {
            Description = $"The device, 32 hexadecimal digits (not with --devices), and what to do:\n{string.Join("\n", CommandTypeCatalog.All.Select(one => $"{one.Name}: {one.Help}"))}",
            Arity = new ArgumentArity(1, 2),
        };
        var devices = new Option<string?>("--devices")
        {
            Description = "Many devices by one signature, in the place of DEVICE: all, ids with commas between them, or a file with one in each line.",
            HelpName = "LIST",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Devices check everything, say what they would do, and do nothing." };
        var args = new Option<string?>("--args") { Description = "The arguments, by the names of the server's API.", HelpName = "JSON" };
        var file = new Option<string?>("--file") { Description = "Its content is the script of run-inline, or what file-write writes.", HelpName = "FILE" };
        var key = new Option<string>("--key") { Description = "Signs the command. The roster has to name it.", HelpName = "FILE", Required = true };
        var expires = new Option<string?>("--expires")
        {
            Description = "How long it may wait: 30s, 10m, 2h, 30d at most. Without it 10m, 24h when others must sign too, and to the end of the maintenance window that it waits for.",
            HelpName = "TIME",
        };
        var noWait = new Option<bool>("--no-wait") { Description = "Ends when the server has it, and shows its id." };
        var json = Show.JsonOption();
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "command",
            "Signs a command here and has the server bring it to a device. Its output goes to standard output. Exit code: 0 when the device has done it.",
            ("fleetctl command 4fa2... ping --key alice.pem", "is it there?"),
            ("fleetctl command 4fa2... set-intervals --args '{\"intervals\":{\"cpu\":\"10s\"}}' --key alice.pem", "measures more often"),
            ("fleetctl command 4fa2... run-script --args '{\"name\":\"backup\",\"arguments\":[\"--full\"]}' --key alice.pem", "and shows what it wrote"),
            ("fleetctl command 4fa2... gpio-set --args '{\"name\":\"lamp\",\"value\":true,\"pulse\":\"2s\"}' --key alice.pem", "for two seconds"),
            ("fleetctl command 4fa2... run-inline --args '{\"interpreter\":\"/bin/sh\",\"timeout\":60}' --file look.sh --key alice.pem", "a script of yours"),
            ("fleetctl command 4fa2... file-read --args '{\"path\":\"/etc/my-app/app.conf\"}' --key alice.pem > app.conf", "a file of the device"),
            ("fleetctl command 4fa2... cancel --args '{\"command\":\"03b1...\"}' --key alice.pem", "stops another command"),
            ("fleetctl command 4fa2... reboot --key alice.pem --expires 2h --no-wait", "when it connects within two hours"),
            ("fleetctl command --devices all ping --key alice.pem", "which devices are there?"),
            ("fleetctl command --devices hall-3.txt restart-unit --args '{\"unit\":\"nginx.service\"}' --dry-run --key alice.pem", "which of them would?"),
            ("fleetctl command pending", "what waits for signatures"))
        {
            words,
            devices,
            args,
            file,
            dryRun,
            key,
            expires,
            noWait,
            json,
        };
        keys.AddTo(verb);
        verb.Subcommands.Add(ProposalVerbs.Pending(common));
        verb.Subcommands.Add(ProposalVerbs.ShowOne(common));
        verb.Subcommands.Add(ProposalVerbs.Approve(common, terminal));
        verb.Subcommands.Add(ProposalVerbs.Withdraw(common));
        return verb.Runs(async (parsed, ct) =>
        {
            var given = parsed.GetRequiredValue(words);
            var chosen = parsed.GetValue(devices);
            if (given.Length != (chosen is null ? 2 : 1))
            {
                throw new CliException(
                    chosen is null ? "Say which device, and what to do: fleetctl command DEVICE TYPE." : "With --devices, say only what to do: fleetctl command --devices LIST TYPE.",
                    ExitCodes.Usage);
            }

            var ids = chosen is null ? null : DeviceChoice.Read(chosen);
            var plan = Plan(chosen is null ? given[0] : null, given[^1], parsed.GetValue(args), parsed.GetValue(file), parsed.GetValue(expires), parsed.GetValue(dryRun));
            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(
                settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            var keyFile = parsed.GetRequiredValue(key);
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

                if (parsed.GetValue(expires) is null)
                {
                    plan = plan with { ExpiresIn = UsualExpiry(issuer, now) };
                }

                // After what the server says of the devices: numbers rise in the order of signing.
                var set = chosen is null ? null : await MembersAsync(parsed, session.Api, plan, ids, ct);
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
                return Proposed(parsed, parsed.GetValue(json), await session.Api.PostProposalAsync(order, ct), order);
            }

            await PostAsync(session.Api, plan, order, ct);
            if (order.Set is not null)
            {
                return await SetEndAsync(parsed, parsed.GetValue(json), parsed.GetValue(noWait), session.Api, plan, ct);
            }

            if (!parsed.GetValue(noWait))
            {
                return await FollowAsync(parsed, parsed.GetValue(json), session.Api, plan, ct);
            }

            if (parsed.GetValue(json))
            {
                Show.Json(parsed, await session.Api.GetCommandAsync(plan.Device, plan.Id, ct), ReplyJson.Default.CommandReply);
            }
            else
            {
                Show.Lines(parsed, [plan.Id.ToString()]);
            }

            return ExitCodes.Ok;
        });
    }

    private static CommandPlan Plan(string? device, string type, string? args, string? file, string? expires, bool dryRun)
    {
        PrincipalId id = default;
        if (device is not null && !PrincipalId.TryParse(device.ToLowerInvariant(), out id))
        {
            throw new CliException("DEVICE has 32 hexadecimal digits; the dashboard shows them.", ExitCodes.Usage);
        }

        var kind = CommandCatalog.Find(type)
            ?? throw new CliException($"There is no command {type}. There are: {string.Join(", ", CommandCatalog.Types)}.", ExitCodes.Usage);
        var expiry = DefaultExpiry;
        return expires is null || (DurationText.TryParse(expires, out expiry) && expiry >= TimeSpan.FromSeconds(1) && expiry <= CommandPlan.LongestExpiry)
            ? new CommandPlan(CommandId.Generate(), kind, CommandArguments.Encode(kind, args, file is null ? null : SmallFile.Read(file, MaxFileBytes)), id, expiry, dryRun)
            : throw new CliException($"--expires {expires}: it takes 1s to {CommandPlan.LongestExpiry.TotalDays}d.", ExitCodes.Usage);
    }

    private static TimeSpan UsualExpiry(CommandIssuer issuer, DateTimeOffset now)
    {
        var usual = issuer.Needed > 1 ? ProposalExpiry : DefaultExpiry;
        return issuer.WaitsUntil is { } end && end - now > usual ? end - now : usual;
    }

    /// <summary>The chosen devices, by what the server says of them: it can leave one out, which shows, and add none, for what is signed is this.</summary>
    private static async Task<DeviceSet> MembersAsync(
        ParseResult parsed, FleetApi api, CommandPlan plan, IReadOnlyCollection<PrincipalId>? ids, CancellationToken ct)
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

    private static int Proposed(ParseResult parsed, bool json, ProposalReply reply, CommandOrder order)
    {
        if (json)
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

    private static async Task<int> SetEndAsync(ParseResult parsed, bool json, bool noWait, FleetApi api, CommandPlan plan, CancellationToken ct)
    {
        var follower = new SetFollower(one => api.GetSetAsync(plan.Id, one), TimeProvider.System, parsed.InvocationConfiguration.Error);
        CommandSetReply reply;
        try
        {
            reply = noWait ? await api.GetSetAsync(plan.Id, ct) : await follower.FollowAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Show.Note(parsed, $"The command {plan.Id} goes on without this watching it.");
            throw;
        }

        if (json)
        {
            Show.Json(parsed, reply, ReplyJson.Default.CommandSetReply);
        }
        else if (noWait)
        {
            Show.Lines(parsed, [plan.Id.ToString()]);
        }
        else
        {
            await ShowOthersAsync(parsed, api, plan, ct);
        }

        Show.Note(parsed, TerminalText.Line(reply.ProgressLine));
        return noWait || reply.IsDone ? ExitCodes.Ok : ExitCodes.Failed;
    }

    /// <summary>A line for each device that did not do it, or, in a dry run, that said something.</summary>
    private static async Task ShowOthersAsync(ParseResult parsed, FleetApi api, CommandPlan plan, CancellationToken ct)
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

    private static async Task<int> FollowAsync(ParseResult parsed, bool json, FleetApi api, CommandPlan plan, CancellationToken ct)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        using var raw = Console.IsOutputRedirected && ReferenceEquals(output, Console.Out) ? Console.OpenStandardOutput() : null;
        var follower = new CommandFollower(
            one => api.GetCommandAsync(plan.Device, plan.Id, one),
            json ? null : (from, one) => api.GetOutputAsync(plan.Device, plan.Id, from, one),
            new OutputPrinter(output, error, raw),
            TimeProvider.System,
            error);
        try
        {
            return End(parsed, json, await follower.FollowAsync(ct));
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            Show.Note(parsed, $"The command {plan.Id} goes on without this watching it.");
            throw;
        }
    }

    private static int End(ParseResult parsed, bool json, CommandReply reply)
    {
        if (json)
        {
            Show.Json(parsed, reply, ReplyJson.Default.CommandReply);
        }

        Show.Note(parsed, TerminalText.Line(reply.EndLine));
        return reply.IsDone ? ExitCodes.Ok : ExitCodes.Failed;
    }
}
