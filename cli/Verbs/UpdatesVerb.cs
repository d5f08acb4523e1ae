using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Updates;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl updates</c>: how far updates are, and what devices have.</summary>
internal static class UpdatesVerb
{
    private const string UnderWay = "pending,assigned,downloading,verifying,staged,waiting,switching,booted,checking,unproven";
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(2);

    public static System.CommandLine.Command Create(CommonOptions common)
    {
        var device = new Argument<string?>("DEVICE") { Description = "32 hexadecimal digits: what it has, and all of its updates. Without one, updates of all devices that have not ended.", Arity = ArgumentArity.ZeroOrOne };
        var state = new Option<string?>("--state") { Description = $"Those in one of these states, by commas: {UnderWay},committed,reverted,failed,rejected,expired,cancelled,unknown.", HelpName = "STATES" };
        var set = new Option<string?>("--set") { Description = "Those of one command, in any state: the id that fleetctl update showed.", HelpName = "ID" };
        var overdue = new Option<bool>("--overdue") { Description = "Those whose device is silent though its deadline has passed." };
        var watch = new Option<bool>("--watch") { Description = "Goes on, with a line for each change, until Ctrl+C." };
        var json = Show.JsonOption();
        var verb = new Verb(
            "updates",
            "How far updates are. Only what a device has signed is shown as committed, reverted or failed.",
            ("fleetctl updates", "what is under way, the overdue first"),
            ("fleetctl updates 4fa2...", "what a device has, and its history with reasons"),
            ("fleetctl updates --set 03b1... --state failed,reverted", "which devices of a set went back, and why"),
            ("fleetctl updates --json | jq '.updates[] | select(.silentSince)'", "for a program"))
        {
            device, state, set, overdue, watch, json,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            PrincipalId id = default;
            if (parsed.GetValue(device) is { } text && !PrincipalId.TryParse(text.ToLowerInvariant(), out id))
            {
                throw new CliException("DEVICE has 32 hexadecimal digits; the dashboard shows them.", ExitCodes.Usage);
            }

            CommandId command = default;
            if (parsed.GetValue(set) is { } setText && !CommandId.TryParse(setText, out command))
            {
                throw new CliException("--set takes the id of a command: 32 lower-case hexadecimal digits.", ExitCodes.Usage);
            }

            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            if (parsed.GetValue(device) is not null)
            {
                return await OfDeviceAsync(session.Api, id, parsed, parsed.GetValue(json), ct);
            }

            CommandId? only = parsed.GetValue(set) is null ? null : command;
            var states = parsed.GetValue(state) ?? (only is null && !parsed.GetValue(overdue) ? UnderWay : "");
            var query = $"state={Uri.EscapeDataString(states)}{(parsed.GetValue(overdue) ? "&overdue=true" : "")}{(only is null ? "" : "&set=" + only)}";
            return parsed.GetValue(watch) ? await WatchAsync(session.Api, query.Replace($"state={Uri.EscapeDataString(UnderWay)}", "state=", StringComparison.Ordinal), parsed, ct) : await OfFleetAsync(session.Api, only, query, parsed, parsed.GetValue(json), ct);
        });
    }

    private static async Task<int> OfDeviceAsync(FleetApi api, PrincipalId id, ParseResult parsed, bool json, CancellationToken ct)
    {
        var (components, updates) = ((await api.GetComponentsAsync(id, ct)).Items ?? [], (await api.GetUpdatesAsync(id, ct)).Items ?? []);
        if (json)
        {
            Show.Json(parsed, new DeviceUpdates(components, updates), ReplyJson.Default.DeviceUpdates);
            return ExitCodes.Ok;
        }

        Show.Lines(parsed, components.Count == 0
            ? ["This device has not signed yet what it has: it does with its first update."]
            : components.Select(UpdateText.Component));
        Show.Lines(parsed, updates.Count == 0 ? ["No update was assigned to it: fleetctl update DEVICE --target NAME@VERSION --key FILE"] : ["", .. UpdateText.Table(updates, withDevice: false)]);
        return ExitCodes.Ok;
    }

    private static async Task<int> OfFleetAsync(FleetApi api, CommandId? set, string query, ParseResult parsed, bool json, CancellationToken ct)
    {
        var totals = await api.GetUpdateTotalsAsync(set, ct);
        var page = await api.GetUpdatesAsync(query, ct);
        var updates = page.Items ?? [];
        if (json)
        {
            Show.Json(parsed, new FleetUpdates(totals, updates), ReplyJson.Default.FleetUpdates);
            return ExitCodes.Ok;
        }

        if (totals.Total == 0)
        {
            Show.Lines(parsed, ["No update was assigned yet. fleetctl artifact list shows the releases; fleetctl update DEVICE --target NAME@VERSION --key FILE assigns one."]);
            return ExitCodes.Ok;
        }

        Show.Lines(parsed, updates.Count == 0 ? ["There is none in these states. --state committed,failed shows ended ones."] : UpdateText.Table(updates, withDevice: true));
        if (page.Next is not null)
        {
            Show.Note(parsed, $"fleetctl: these are the newest {updates.Count}; --state and --set narrow it");
        }

        Show.Note(parsed, TerminalText.Line(totals.ProgressLine));
        return ExitCodes.Ok;
    }

    private static async Task<int> WatchAsync(FleetApi api, string query, ParseResult parsed, CancellationToken ct)
    {
        // What had ended before is not news.
        var (said, isFirst) = (new Dictionary<(string?, string?), string>(), true);
        while (true)
        {
            var updates = (await api.GetUpdatesAsync(query, ct)).Items ?? [];
            var changed = updates.Where(one =>
            {
                var (key, line) = ((one.DeviceId, one.CommandId), UpdateText.Line(one));
                var isNew = said.GetValueOrDefault(key) != line;
                said[key] = line;
                return isNew && !(isFirst && one.Ended);
            }).ToList();
            Show.Lines(parsed, UpdateText.Table(changed, withDevice: true));
            isFirst = false;
            await Task.Delay(Between, TimeProvider.System, ct);
        }
    }
}
