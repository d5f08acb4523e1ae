using System.CommandLine;
using Messaging.Cli.Commands;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Server;
using Messaging.Cli.Storage;
using Messaging.Commands.Catalog;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl command</c></summary>
internal static class CommandVerb
{
    private const string DefaultExpiry = "10m";
    private const int MaxFileBytes = Messaging.Commands.FileReadArguments.MaxBytes;

    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var device = new Argument<string>("DEVICE") { Description = "32 hexadecimal digits." };
        var type = new Argument<string>("TYPE") { Description = string.Join("\n", CommandTypeCatalog.All.Select(one => $"{one.Name}: {one.Help}")) };
        var args = new Option<string?>("--args") { Description = "The arguments, by the names of the server's API.", HelpName = "JSON" };
        var file = new Option<string?>("--file") { Description = "Its content is the script of run-inline, or what file-write writes.", HelpName = "FILE" };
        var key = new Option<string>("--key") { Description = "Signs the command. The roster has to name it.", HelpName = "FILE", Required = true };
        var expires = new Option<string>("--expires")
        {
            Description = "How long it may wait for the device: 30s, 10m, 2h, 30d at most.",
            HelpName = "TIME",
            DefaultValueFactory = _ => DefaultExpiry,
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
            ("fleetctl command 4fa2... reboot --key alice.pem --expires 2h --no-wait", "when it connects within two hours"))
        {
            device,
            type,
            args,
            file,
            key,
            expires,
            noWait,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var plan = Plan(parsed.GetRequiredValue(device), parsed.GetRequiredValue(type), parsed.GetValue(args), parsed.GetValue(file), parsed.GetRequiredValue(expires));
            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(
                settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            var keyFile = parsed.GetRequiredValue(key);
            using (var ring = keys.Open(parsed, [keyFile]))
            {
                var issuer = CommandIssuer.Find(session.Trust.Roster, ring.Keys[0].Public, plan.Kind.Type, TimeProvider.System.GetUtcNow());
                if (issuer.Note is { } note)
                {
                    Show.Note(parsed, TerminalText.Line($"fleetctl: note: {note}"));
                }

                var boot = plan.Kind.BoundToBoot ? (await session.Api.GetDeviceAsync(plan.Device, ct)).Boot?.Read() : null;
                var sequence = await new CommandSequence(Seen.PlaceOfKey(common, parsed, keyFile, ring.Keys[0].Public), TimeProvider.System).NextAsync(ct);
                var command = plan.Sign(ring.Keys[0], issuer.Principal.Id, sequence, session.Trust.Roster.Version, boot, TimeProvider.System.GetUtcNow());
                await PostAsync(session.Api, plan, command, ct);
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

    private static CommandPlan Plan(string device, string type, string? args, string? file, string expires)
    {
        if (!PrincipalId.TryParse(device.ToLowerInvariant(), out var id))
        {
            throw new CliException("DEVICE has 32 hexadecimal digits; the dashboard shows them.", ExitCodes.Usage);
        }

        var kind = CommandCatalog.Find(type)
            ?? throw new CliException($"There is no command {type}. There are: {string.Join(", ", CommandCatalog.Types)}.", ExitCodes.Usage);
        return DurationText.TryParse(expires, out var expiry) && expiry >= TimeSpan.FromSeconds(1) && expiry <= CommandPlan.LongestExpiry
            ? new CommandPlan(CommandId.Generate(), kind, CommandArguments.Encode(kind, args, file is null ? null : SmallFile.Read(file, MaxFileBytes)), id, expiry)
            : throw new CliException($"--expires {expires}: it takes 1s to {CommandPlan.LongestExpiry.TotalDays}d.", ExitCodes.Usage);
    }

    private static async Task PostAsync(FleetApi api, CommandPlan plan, Messaging.Commands.Command command, CancellationToken ct)
    {
        try
        {
            await api.PostCommandAsync(plan.Device, command, ct);
        }
        catch (CliException e) when (e.Code == ExitCodes.Unavailable)
        {
            throw new CliException($"{e.Message} Whether the server has the command {plan.Id} is not known; the dashboard shows it then.", e.Code);
        }
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
