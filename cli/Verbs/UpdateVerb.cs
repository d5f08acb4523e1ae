using System.CommandLine;
using System.Globalization;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Commands;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Updates;
using Messaging.Commands;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl update</c>: assigns a release to devices.</summary>
internal static class UpdateVerb
{
    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromDays(7);

    public static System.CommandLine.Command Create(CommonOptions common, ITerminal terminal)
    {
        var words = new Argument<string[]>("DEVICE") { Description = "One or more, 32 hexadecimal digits each (not with --devices).", Arity = ArgumentArity.ZeroOrMore };
        var devices = new Option<string?>("--devices") { Description = "Many devices by one signature: all, ids with commas between them, or a file with one in each line.", HelpName = "LIST" };
        var target = new Option<string>("--target") { Description = "The release: NAME@VERSION, or the path of a target.", HelpName = "RELEASE", Required = true };
        var within = new Option<string?>("--within") { Description = "How long a device has for it once it has taken it: 1h, 7d. 7d unless given.", HelpName = "TIME" };
        var spread = new Option<string?>("--spread") { Description = "Devices begin to download at random moments of this time, so that they do not come all at once. At once unless given.", HelpName = "TIME" };
        var mirrors = new Option<string[]>("--mirror") { Description = "A copy of the repository that devices try first; can be given more than once.", HelpName = "URL" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Devices check everything, say what they would do, and do nothing." };
        var key = new Option<string>("--key") { Description = "Signs it. The roster has to name it.", HelpName = "FILE", Required = true };
        var expires = new Option<string?>("--expires") { Description = "How long it may wait for a device to take it: 10m, 2h, 30d at most. 7d unless given.", HelpName = "TIME" };
        var wait = new Option<bool>("--wait") { Description = "Watches until the updates have ended. Without it, ends when the server has the command, and shows its id." };
        var json = Show.JsonOption();
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "update",
            "Assigns a release of the fleet's repository to devices, signed here. They install it by themselves, in their maintenance window, and go back by themselves when it does not work. "
                + "Exit code with --wait: 0 when all have committed it.",
            ("fleetctl update 4fa2... --target messaging-agent@1.4.0 --key alice.pem --wait", "one device"),
            ("fleetctl update --devices all --target messaging-agent@1.4.0 --spread 1h --key alice.pem", "all, by one signature"),
            ("fleetctl update --devices hall-3.txt --target camera@2.0.1 --dry-run --key alice.pem", "would they take it?"),
            ("fleetctl update 4fa2... --target camera@2.0.1 --mirror http://10.0.0.5/fleet/ --key alice.pem", "from a copy nearby first"),
            ("fleetctl updates", "how far they are"))
        {
            words, devices, target, within, spread, mirrors, dryRun, key, expires, wait, json,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var (isSet, ids) = Choose(parsed.GetValue(words) ?? [], parsed.GetValue(devices));
            var expiry = Duration("--expires", parsed.GetValue(expires), TimeSpan.FromSeconds(1), CommandPlan.LongestExpiry);
            var seconds = Duration("--within", parsed.GetValue(within), TimeSpan.FromSeconds(UpdateArguments.MinSeconds), TimeSpan.FromSeconds(UpdateArguments.MaxSeconds));
            var spreadTime = Duration("--spread", parsed.GetValue(spread), TimeSpan.Zero, TimeSpan.FromSeconds(UpdateArguments.MaxSpreadSeconds));
            using var repository = await RepositorySession.OpenAsync(common, parsed, ct);
            var (file, release) = UpdateTarget.Find(repository.Targets, parsed.GetRequiredValue(target));
            var update = new UpdateArguments
            {
                Target = file.Path,
                Length = file.Length,
                Sha256 = file.Hashes.Sha256 ?? throw new CliException(TerminalText.Line($"{file.Path} is listed without a SHA-256: it cannot be assigned.")),
                Key = await UpdateTarget.KeyAsync(repository, file, release, ct),
                Mirrors = parsed.GetValue(mirrors) ?? [],
                Seconds = (int?)seconds?.TotalSeconds ?? UpdateArguments.DefaultSeconds,
                SpreadSeconds = (int?)spreadTime?.TotalSeconds ?? 0,
            };
            if (update.Check() is { } problem)
            {
                throw new CliException(problem, ExitCodes.Usage);
            }

            Show.Note(parsed, TerminalText.Line($"fleetctl: {release.Name} {release.Version} ({release.Kind}, counter {release.Counter.ToString(CultureInfo.InvariantCulture)}), {UpdateText.Bytes(file.Length)}"
                + $"{(release.IsEncrypted ? ", encrypted" : "")}, for {(release.Hardware.Count == 0 ? "any hardware" : string.Join(", ", release.Hardware))}"));
            var isDry = parsed.GetValue(dryRun);
            var plan = new CommandPlan(
                CommandId.Generate(), CommandCatalog.Find(CommandTypes.Update)!, update.Encode(), isSet || ids is null ? default : ids.Single(), expiry ?? DefaultExpiry, isDry);
            return await new CommandSender(common, parsed, keys, parsed.GetRequiredValue(key))
            {
                Usual = DefaultExpiry,
                HasExpiry = expiry is not null,
                NoWait = !isDry,
                Json = parsed.GetValue(json),
                Follow = isDry || !parsed.GetValue(wait) ? null : one => FollowAsync(repository, plan, isSet, parsed, parsed.GetValue(json), one),
            }.SendAsync(repository.Session, plan, isSet, ids, ct);
        });
    }

    private static async Task<int> FollowAsync(RepositorySession repository, CommandPlan plan, bool isSet, ParseResult parsed, bool json, CancellationToken ct)
    {
        var follower = new UpdateFollower(TimeProvider.System, parsed.InvocationConfiguration.Error);
        Show.Note(parsed, $"fleetctl: command {plan.Id}");
        if (isSet)
        {
            var totals = await follower.FollowAsync(async one => await repository.Api.GetUpdateTotalsAsync(plan.Id, one), ct);
            if (json)
            {
                Show.Json(parsed, totals, Server.ReplyJson.Default.UpdateTotalsReply);
            }
            else
            {
                var others = await repository.Api.GetUpdatesAsync($"set={plan.Id}&state=reverted,failed,rejected,expired,cancelled,unknown", ct);
                Show.Lines(parsed, UpdateText.Table(others.Items ?? [], withDevice: true));
            }

            Show.Note(parsed, totals.ProgressLine);
            return totals.IsCommitted ? ExitCodes.Ok : ExitCodes.Failed;
        }

        var reply = await follower.FollowAsync(one => repository.Api.FindUpdateAsync(plan.Device, plan.Id, one), ct);
        if (json)
        {
            Show.Json(parsed, reply, Server.ReplyJson.Default.UpdateReply);
        }
        else
        {
            Show.Lines(parsed, [TerminalText.Line(UpdateText.Line(reply))]);
        }

        return reply.State == "committed" ? ExitCodes.Ok : ExitCodes.Failed;
    }

    /// <summary>Whom: one device, or a set of some or all.</summary>
    private static (bool IsSet, IReadOnlyCollection<PrincipalId>? Ids) Choose(string[] words, string? chosen)
    {
        if (words.Length == 0 == chosen is null)
        {
            throw new CliException("Say which devices: fleetctl update DEVICE, or fleetctl update --devices LIST.", ExitCodes.Usage);
        }

        if (chosen is not null)
        {
            return (true, DeviceChoice.Read(chosen));
        }

        var ids = words.Select(static word => PrincipalId.TryParse(word.ToLowerInvariant(), out var id)
            ? id
            : throw new CliException($"{TerminalText.Line(word)} is no device: DEVICE has 32 hexadecimal digits; the dashboard shows them.", ExitCodes.Usage)).ToHashSet();
        return (ids.Count > 1, ids);
    }

    private static TimeSpan? Duration(string option, string? text, TimeSpan least, TimeSpan most) =>
        text is null ? null
        : DurationText.TryParse(text, out var time) && time >= least && time <= most ? time
        : throw new CliException(string.Create(CultureInfo.InvariantCulture, $"{option} {TerminalText.Line(text)}: it takes {least.TotalSeconds:0}s to {most.TotalDays:0}d."), ExitCodes.Usage);
}
