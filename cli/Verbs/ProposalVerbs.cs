using System.CommandLine;
using Messaging.Cli.Commands;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Server;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl command pending</c>, <c>show</c>, <c>approve</c> and <c>withdraw</c>: commands that several must sign.</summary>
internal static class ProposalVerbs
{
    public static Verb Pending(CommonOptions common)
    {
        var json = Show.JsonOption();
        var verb = new Verb("pending", "What waits for signatures.", ("fleetctl command pending", "id, type, devices, who has signed")) { json };
        return verb.Runs(async (parsed, ct) =>
        {
            using var session = await OpenAsync(common, parsed, ct);
            var page = await session.Api.GetProposalsAsync(ct);
            var open = (page.Items ?? []).Where(static one => one.State == "open").ToList();
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, page with { Items = open }, ReplyJson.Default.PageReplyProposalReply);
            }
            else if (open.Count == 0)
            {
                Show.Note(parsed, "Nothing waits for signatures.");
            }
            else
            {
                Show.Lines(parsed, open.Select(static one => TerminalText.Line(
                    $"{one.Id} {one.Type} for {(one.Size == 1 ? one.DeviceId ?? "1 device" : $"{one.Size} devices")}, signed by {one.Signers?.Count ?? 0} of {one.Needed}, by {one.CreatedBy}, until {TerminalText.Time(one.ExpiresAt)}")));
            }

            return ExitCodes.Ok;
        });
    }

    public static Verb ShowOne(CommonOptions common)
    {
        var id = Id();
        var json = Show.JsonOption();
        var verb = new Verb(
            "show",
            "What a proposed command says, from its bytes. The digest at the end stands for exactly this: approve takes it.",
            ("fleetctl command show 61d0...", "before it is signed"))
        {
            id,
            json,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            var proposal = Read(parsed, id);
            using var session = await OpenAsync(common, parsed, ct);
            var order = await session.Api.GetOrderAsync(proposal, ct);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, OrderView.Of(order, session.Trust.Roster), ViewJson.Default.OrderView);
            }
            else
            {
                Show.Lines(parsed, OrderText.Of(order, session.Trust.Roster));
            }

            return ExitCodes.Ok;
        });
    }

    public static Verb Approve(CommonOptions common, ITerminal terminal)
    {
        var id = Id();
        var digest = new Argument<string>("DIGEST") { Description = "What fleetctl command show shows at its end: so that nothing else is signed than what was looked at." };
        var key = new Option<string>("--key") { Description = "Signs the command. The roster has to name it.", HelpName = "FILE", Required = true };
        var json = Show.JsonOption();
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "approve",
            "Signs a command that somebody else proposes. The last signature that is needed sends it.",
            ("fleetctl command approve 61d0... 3fa9... --key bob.pem", "after fleetctl command show 61d0..."))
        {
            id,
            digest,
            key,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var proposal = Read(parsed, id);
            using var session = await OpenAsync(common, parsed, ct);
            var order = await session.Api.GetOrderAsync(proposal, ct);
            if (!string.Equals(OrderText.Digest(order), parsed.GetRequiredValue(digest), StringComparison.OrdinalIgnoreCase))
            {
                throw new CliException($"The proposal is not what was looked at: its digest is {OrderText.Digest(order)}. Nothing was signed; look at it: fleetctl command show {proposal}");
            }

            Messaging.Commands.Command signed;
            using (var ring = keys.Open(parsed, [parsed.GetRequiredValue(key)]))
            {
                CommandIssuer.Find(session.Trust.Roster, ring.Keys[0].Public, order.Command.Content.Type, TimeProvider.System.GetUtcNow());
                signed = Messaging.Commands.Command.SignJointly(order.Command.Content, ring.Keys[0]);
            }

            if (!signed.PayloadBytes.SequenceEqual(order.Command.PayloadBytes))
            {
                throw new CliException("The proposal is written in another way than this program writes it, so it was not signed.");
            }

            var reply = await session.Api.PostSignatureAsync(proposal, signed, ct);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, reply, ReplyJson.Default.ProposalReply);
            }

            Show.Note(parsed, TerminalText.Line($"{reply.State}, signed by {reply.Signers?.Count ?? 0} of {reply.Needed}"));
            return ExitCodes.Ok;
        });
    }

    public static Verb Withdraw(CommonOptions common)
    {
        var id = Id();
        var verb = new Verb("withdraw", "Takes a proposal back that waits for signatures.", ("fleetctl command withdraw 61d0...", "your own; owners also others'")) { id };
        return verb.Runs(async (parsed, ct) =>
        {
            var proposal = Read(parsed, id);
            using var session = await OpenAsync(common, parsed, ct);
            Show.Note(parsed, TerminalText.Line((await session.Api.WithdrawAsync(proposal, ct)).State ?? "?"));
            return ExitCodes.Ok;
        });
    }

    private static Argument<string> Id() => new("ID") { Description = "The proposal: 32 hexadecimal digits." };

    private static CommandId Read(ParseResult parsed, Argument<string> id) => CommandId.TryParse(parsed.GetRequiredValue(id).ToLowerInvariant(), out var read)
        ? read
        : throw new CliException("ID has 32 hexadecimal digits; fleetctl command pending shows them.", ExitCodes.Usage);

    private static Task<FleetSession> OpenAsync(CommonOptions common, ParseResult parsed, CancellationToken ct)
    {
        var settings = common.Read(parsed);
        return FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
    }
}
