using System.CommandLine;
using Messaging.Cli.Commands;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Server;
using Messaging.Cli.Twin;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl twin show</c>, <c>set</c> and <c>wait</c>: what devices are to be like.</summary>
internal static class TwinVerbs
{
    private static readonly TimeSpan DefaultExpiry = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultWait = TimeSpan.FromMinutes(10);

    public static System.CommandLine.Command Create(CommonOptions common, ITerminal terminal) =>
        new("twin", "What devices are to be like, and what they say that they are like.") { ShowOne(common), Set(common, terminal), Wait(common) };

    private static Verb ShowOne(CommonOptions common)
    {
        var device = Device();
        var json = Show.JsonOption();
        var verb = new Verb(
            "show",
            "What a device is to be like, and how far each property of it is.",
            ("fleetctl twin show 4fa2...", "a line for each property"),
            ("fleetctl twin show 4fa2... --json | jq .desired.document > twin.json", "what is wanted, to change it"))
        {
            device,
            json,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            var id = Read(parsed.GetRequiredValue(device));
            using var session = await OpenAsync(common, parsed, ct);
            var reply = await session.Api.GetTwinAsync(id, ct);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, reply, ReplyJson.Default.TwinReply);
            }
            else
            {
                Show.Lines(parsed, Lines(reply).Select(TerminalText.Line));
            }

            return ExitCodes.Ok;
        });
    }

    private static Verb Set(CommonOptions common, ITerminal terminal)
    {
        var words = new Argument<string[]>("DEVICE> <FILE")
        {
            Description = "The device, 32 hexadecimal digits (not with --devices), and the document: JSON or INI, see docs/operate/twin.md.",
            Arity = new ArgumentArity(1, 2),
        };
        var devices = new Option<string?>("--devices")
        {
            Description = "Many devices by one signature, in the place of DEVICE: all, ids with commas between them, or a file with one in each line.",
            HelpName = "LIST",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Devices check everything, say what they would do, and keep what they have." };
        var key = new Option<string>("--key") { Description = "Signs it. The roster has to name it.", HelpName = "FILE", Required = true };
        var expires = new Option<string?>("--expires") { Description = "How long it may wait for a device: 30s, 10m, 2h, 30d at most. 24h unless given.", HelpName = "TIME" };
        var noWait = new Option<bool>("--no-wait") { Description = "Ends when the server has it, and shows its id." };
        var json = Show.JsonOption();
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "set",
            "Shows what is other than what is wanted now, signs it here, and has the server bring it to devices. A document without a version gets the next one.",
            ("fleetctl twin set 4fa2... twin.json --key alice.pem", "one device"),
            ("fleetctl twin set --devices hall-3.txt pump.ini --key alice.pem", "all of a hall, by one signature"),
            ("fleetctl twin set 4fa2... twin.json --dry-run --key alice.pem", "would it take it?"))
        {
            words,
            devices,
            dryRun,
            key,
            expires,
            noWait,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var given = parsed.GetRequiredValue(words);
            var chosen = parsed.GetValue(devices);
            if (given.Length != (chosen is null ? 2 : 1))
            {
                throw new CliException(
                    chosen is null ? "Say which device and which document: fleetctl twin set DEVICE FILE." : "With --devices, say only which document: fleetctl twin set --devices LIST FILE.",
                    ExitCodes.Usage);
            }

            var ids = chosen is null ? null : DeviceChoice.Read(chosen);
            var device = chosen is null ? Read(given[0]) : default;
            var expiry = Expiry(parsed.GetValue(expires));
            using var session = await OpenAsync(common, parsed, ct);
            var now = chosen is null ? await session.Api.GetTwinAsync(device, ct) : null;

            // Devices of a set have versions of their own: the time in seconds is above all that are counted.
            var state = TwinDocument.Read(given[^1], now is null ? TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() : now.HighestVersion() + 1);
            foreach (var line in TwinDifference.Lines(now?.Desired is { } desired ? TwinDocument.Of(desired.Document) : null, state))
            {
                Show.Note(parsed, TerminalText.Line(line));
            }

            Show.Note(parsed, $"fleetctl: version {state.Version}, {state.Count} properties");
            var plan = new CommandPlan(
                CommandId.Generate(), CommandCatalog.Find(CommandTypes.DesiredSet)!, state.Encode(), device, expiry ?? DefaultExpiry, parsed.GetValue(dryRun));
            return await new CommandSender(common, parsed, keys, parsed.GetRequiredValue(key))
            {
                Usual = DefaultExpiry,
                HasExpiry = expiry is not null,
                NoWait = parsed.GetValue(noWait),
                Json = parsed.GetValue(json),
            }.SendAsync(session, plan, chosen is not null, ids, ct);
        });
    }

    private static Verb Wait(CommonOptions common)
    {
        var device = Device();
        var timeout = new Option<string?>("--timeout") { Description = "How long it is waited: 30s, 10m, 2h. 10m unless given.", HelpName = "TIME" };
        var json = Show.JsonOption();
        var verb = new Verb(
            "wait",
            "Waits until a device is as it is to be like, and says how far it is. Exit code: 0 when it is, 1 when it cannot be or the time is up.",
            ("fleetctl twin wait 4fa2...", "after fleetctl twin set"),
            ("fleetctl twin wait 4fa2... --timeout 30m --json", "for a program"))
        {
            device,
            timeout,
            json,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            var id = Read(parsed.GetRequiredValue(device));
            var longest = DefaultWait;
            if (parsed.GetValue(timeout) is { } text && (!DurationText.TryParse(text, out longest) || longest <= TimeSpan.Zero))
            {
                throw new CliException($"--timeout {TerminalText.Line(text)}: it takes 30s, 10m or 2h.", ExitCodes.Usage);
            }

            using var session = await OpenAsync(common, parsed, ct);
            var reply = await new TwinFollower(one => session.Api.GetTwinAsync(id, one), TimeProvider.System, parsed.InvocationConfiguration.Error).FollowAsync(longest, ct);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, reply, ReplyJson.Default.TwinReply);
            }
            else
            {
                Show.Lines(parsed, [TerminalText.Line(TwinFollower.Line(reply))]);
            }

            return reply.State == "converged" ? ExitCodes.Ok : ExitCodes.Failed;
        });
    }

    private static IEnumerable<string> Lines(TwinReply reply)
    {
        if (reply.State == "none")
        {
            yield return "Nothing is wanted of this device. fleetctl twin set DEVICE FILE says what it is to be like.";
        }

        if (reply.Desired is { } desired)
        {
            yield return $"desired   version {desired.Version}, by {desired.CreatedBy} at {TerminalText.Time(desired.CreatedAt)}, signed by {desired.SignedBy ?? "the server"}, command {desired.CommandState}";
        }

        if (reply.Reported is { } reported)
        {
            yield return $"reported  version {reported.Version} at {TerminalText.Time(reported.At)}: {TwinFollower.Line(reply)}";
            foreach (var one in reported.Properties ?? [])
            {
                var value = one.Value is { } json ? $" = {json.GetRawText()}" : "";
                var until = one.Until is { } time ? $", until {TerminalText.Time(time)}" : "";
                var healed = one.Healed > 0 ? $", healed {one.Healed} times" : "";
                yield return $"{one.State,-10} {one.Kind} {one.Name}{value}{(string.IsNullOrEmpty(one.Detail) ? "" : $": {one.Detail}")}{until}{healed}";
            }
        }

        if (reply.Refused is { } refused)
        {
            yield return $"refused   version {refused.Version}: {refused.Message}";
        }
    }

    private static Argument<string> Device() => new("DEVICE") { Description = "32 hexadecimal digits; the dashboard shows them." };

    private static PrincipalId Read(string text) => PrincipalId.TryParse(text.ToLowerInvariant(), out var id)
        ? id
        : throw new CliException("DEVICE has 32 hexadecimal digits; the dashboard shows them.", ExitCodes.Usage);

    private static TimeSpan? Expiry(string? text) =>
        text is null ? null
        : DurationText.TryParse(text, out var expiry) && expiry >= TimeSpan.FromSeconds(1) && expiry <= CommandPlan.LongestExpiry ? expiry
        : throw new CliException($"--expires {TerminalText.Line(text)}: it takes 1s to {CommandPlan.LongestExpiry.TotalDays}d.", ExitCodes.Usage);

    private static Task<FleetSession> OpenAsync(CommonOptions common, ParseResult parsed, CancellationToken ct)
    {
        var settings = common.Read(parsed);
        return FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
    }
}
