using System.CommandLine;
using Messaging.Cli.Commands;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Storage;
using Messaging.Commands;
using Messaging.Commands.Catalog;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl command</c></summary>
internal static class CommandVerb
{
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
            return await new CommandSender(common, parsed, keys, parsed.GetRequiredValue(key))
            {
                HasExpiry = parsed.GetValue(expires) is not null,
                NoWait = parsed.GetValue(noWait),
                Json = parsed.GetValue(json),
            }.SendAsync(plan, chosen is not null, ids, ct);
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
        var expiry = CommandSender.DefaultExpiry;
        return expires is null || (DurationText.TryParse(expires, out expiry) && expiry >= TimeSpan.FromSeconds(1) && expiry <= CommandPlan.LongestExpiry)
            ? new CommandPlan(CommandId.Generate(), kind, CommandArguments.Encode(kind, args, file is null ? null : SmallFile.Read(file, MaxFileBytes)), id, expiry, dryRun)
            : throw new CliException($"--expires {expires}: it takes 1s to {CommandPlan.LongestExpiry.TotalDays}d.", ExitCodes.Usage);
    }
}
