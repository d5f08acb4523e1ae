using System.CommandLine;
using System.Globalization;
using System.Text;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Recordings;
using Messaging.Cli.Server;
using Messaging.Cli.Storage;
using Messaging.Crypto;
using Messaging.Recordings;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl recordings</c></summary>
internal static class RecordingVerbs
{
    private const int PageSize = 200;

    public static Command Create(CommonOptions common, ITerminal terminal) => new("recordings", "Recordings of shells: sealed by devices for the keys that the policy names.")
    {
        CreateKey(terminal), CreateList(common), CreateGet(common, terminal), CreatePlay(common, terminal),
    };

    private static Verb CreateKey(ITerminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Where the key is written; FILE.pub gets its public half, for the policy." };
        var keys = new KeyOptions(terminal);
        var json = Show.JsonOption();
        var verb = new Verb(
            "key",
            "Makes a key that recordings are sealed to; it opens them and signs nothing. It needs a passphrase of 12 characters or more, and the file is never overwritten.",
            ("fleetctl recordings key auditor.pem", "asks for the passphrase twice"),
            ("fleetctl policy add shell --role operator --record auditor.pem.pub --owner-key owner.pem", "what an owner does with its public half"))
        {
            file,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(parsed =>
        {
            var path = parsed.GetRequiredValue(file);
            KeyFile.RequireFree(path);
            KeyFile.RequireFree(PublicKeyFile.PathOf(path));
            using var passphrase = keys.Passphrases(parsed).Choose(path);
            using var key = HpkeKeyPair.Generate();
            KeyFile.Create(path, passphrase.Text, key);
            DurableFile.Create(PublicKeyFile.PathOf(path), Encoding.ASCII.GetBytes(RecorderKey.Text(key.Public) + "\n"));
            var view = RecorderKeyView.Of(path, key.Public);
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, view, ViewJson.Default.RecorderKeyView);
            }
            else
            {
                Show.Lines(parsed, view.Lines());
            }

            Show.Note(parsed, $"Keep a copy of {path} and its passphrase in another place: without it nobody can open what is sealed to it.");
            return ExitCodes.Ok;
        });
    }

    private static Verb CreateList(CommonOptions common)
    {
        var device = new Option<string?>("--device") { Description = "Of this device alone, 32 hexadecimal digits.", HelpName = "DEVICE" };
        var limit = new Option<int>("--limit") { Description = "At most so many.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var json = Show.JsonOption();
        return new Verb(
            "list",
            "Lists recordings, newest first: who had a shell where, when, for how long, and whether the recording is whole. Takes no key.",
            ("fleetctl recordings list", "of all devices"),
            ("fleetctl recordings list --device 4fa2... --json", "for a program"))
        {
            device,
            limit,
            json,
        }.Runs(async (parsed, ct) =>
        {
            PrincipalId? one = parsed.GetValue(device) is not { } text ? null
                : PrincipalId.TryParse(text, out var id) ? id
                : throw new CliException($"--device {TerminalText.Line(text)}: a device is 32 hexadecimal digits.", ExitCodes.Usage);
            var settings = common.Read(parsed);
            using var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), parsed.InvocationConfiguration.Error, ct);
            var all = new List<RecordingReply>();
            string? before = null;
            do
            {
                var page = await session.Api.GetRecordingsAsync(one, before, Math.Clamp(parsed.GetValue(limit) - all.Count, 1, PageSize), ct);
                all.AddRange(page.Items ?? []);
                before = page.Next;
            }
            while (before is not null && all.Count < parsed.GetValue(limit));
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, new RecordingList(all), ViewJson.Default.RecordingList);
            }
            else
            {
                Show.Lines(parsed, all.Count == 0 ? ["No recordings. Shells are recorded when the policy says so: fleetctl policy add --help"] : all.SelectMany(Lines));
            }

            return ExitCodes.Ok;
        });
    }

    private static Verb CreateGet(CommonOptions common, ITerminal terminal)
    {
        var place = new Argument<string>(RecordingPlace.Name) { Description = RecordingPlace.Description };
        var key = KeyOption();
        var output = new Option<string?>("--out") { Description = "Where the recording is written, opened; COMMAND.cast unless given.", HelpName = "FILE" };
        var force = new Option<bool>("--force") { Description = "Replaces a file that is there." };
        var keys = new KeyOptions(terminal);
        var json = Show.JsonOption();
        var verb = new Verb(
            "get",
            "Fetches a recording, verifies that the device has made it and that nothing in it is missing or changed, and writes it as an asciicast, which asciinema and others play. "
            + "One that the device was cut off with is written up to there, and said to be broken off.",
            ("fleetctl recordings get 4fa2.../91c0... --key auditor.pem", "into this folder"),
            ("fleetctl recordings get 91c0.msgrec --key auditor.pem --out shell.cast", "one that was downloaded from the dashboard"))
        {
            place,
            key,
            output,
            force,
            json,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var (opened, cast) = await OpenAsync(common, parsed, parsed.GetRequiredValue(place), parsed.GetRequiredValue(key), keys, ct);
            var path = parsed.GetValue(output) ?? $"{opened.Command}.cast";
            if (!parsed.GetValue(force) && Path.Exists(path))
            {
                throw new CliException($"{path} is there already. --force replaces it, --out takes another name.");
            }

            DurableFile.Replace(path, cast);
            opened = opened with { File = path };
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, opened, ViewJson.Default.OpenedView);
            }
            else
            {
                Show.Lines(parsed, [.. opened.Lines(), $"Written    {path}; anybody who has it can read it"]);
            }

            Note(parsed, opened);
            return ExitCodes.Ok;
        });
    }

    private static Verb CreatePlay(CommonOptions common, ITerminal terminal)
    {
        var place = new Argument<string>(RecordingPlace.Name) { Description = RecordingPlace.Description };
        var key = KeyOption();
        var speed = new Option<double>("--speed") { Description = "How many times as fast: 0.1 to 100.", HelpName = "N", DefaultValueFactory = _ => 1 };
        var pause = new Option<string>("--max-pause") { Description = "Longer pauses are cut to this.", HelpName = "TIME", DefaultValueFactory = _ => "2s" };
        var text = new Option<bool>("--text") { Description = "All at once, as text without what steers a terminal." };
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "play",
            "Plays a recording in this terminal, after it has verified all of it. What steered the terminal then steers this one now; --text shows the text alone.",
            ("fleetctl recordings play 4fa2.../91c0... --key auditor.pem --speed 4", "four times as fast"),
            ("fleetctl recordings play 4fa2.../91c0... --key auditor.pem --text | grep sudo", "for a program"))
        {
            place,
            key,
            speed,
            pause,
            text,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            if (parsed.GetValue(speed) is not (>= 0.1 and <= 100))
            {
                throw new CliException("--speed is 0.1 to 100.", ExitCodes.Usage);
            }

            if (!DurationText.TryParse(parsed.GetRequiredValue(pause), out var longest))
            {
                throw new CliException($"--max-pause {TerminalText.Line(parsed.GetRequiredValue(pause))}: write it as 2s or 1m.", ExitCodes.Usage);
            }

            var (opened, cast) = await OpenAsync(common, parsed, parsed.GetRequiredValue(place), parsed.GetRequiredValue(key), keys, ct);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(text))
            {
                await output.WriteLineAsync(CastPlayer.Text(cast).TrimEnd('\n').AsMemory(), ct);
            }
            else
            {
                await CastPlayer.PlayAsync(cast, output, parsed.GetValue(speed), longest, TimeProvider.System, ct);
                await output.WriteLineAsync();
            }

            Note(parsed, opened);
            return ExitCodes.Ok;
        });
    }

    private static Option<string> KeyOption() => new("--key") { Description = "The key that it is sealed to, a file of fleetctl recordings key.", HelpName = "FILE", Required = true };

    private static async Task<(OpenedView Opened, byte[] Cast)> OpenAsync(
        CommonOptions common, ParseResult parsed, string place, string keyFile, KeyOptions keys, CancellationToken ct)
    {
        using var key = KeyRing.OpenRecorder(keyFile, keys.Passphrases(parsed));
        using var recording = await RecordingPlace.OpenAsync(common, parsed, place, ct);
        using var cast = new MemoryStream();
        var opened = recording.Open(key, cast);
        RecordingPlace.Require(place, opened);
        return (opened, cast.ToArray());
    }

    private static void Note(ParseResult parsed, OpenedView opened)
    {
        if (opened.Ended == RecordingEnd.BrokenOff)
        {
            Show.Note(parsed, "fleetctl: note: the recording was broken off: what came after its end, nobody knows.");
        }
    }

    private static IEnumerable<string> Lines(RecordingReply one)
    {
        var lasted = one.LastedMs is { } ms ? string.Create(CultureInfo.InvariantCulture, $"{ms / 3_600_000}:{ms / 60_000 % 60:00}:{ms / 1000 % 60:00}") : "broken off";
        var state = one.State == "complete" ? "" : $", {one.State}{(one.Reason is { Length: > 0 } reason ? $" ({reason})" : "")}";
        yield return $"{one.DeviceId}/{one.Id}";
        yield return TerminalText.Line(
            $"    {TerminalText.Time(one.StartedAt)}  {lasted}  {one.Size} bytes  {one.DeviceName ?? "a device that is gone"}, by {one.Actor ?? "whom the server does not know any more"}{state}");
    }
}
