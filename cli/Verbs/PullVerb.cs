using System.CommandLine;
using System.Security.Cryptography;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Sessions;
using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Sessions;
using Messaging.Wire;

namespace Messaging.Cli.Verbs;

/// <summary><c>fleetctl pull</c></summary>
internal static class PullVerb
{
    public static System.CommandLine.Command Create(CommonOptions common, ITerminal terminal)
    {
        var place = new Argument<string>(FilePlace.Name) { Description = "The device, 32 hexadecimal digits, and the whole path there." };
        var local = new Argument<string?>("LOCAL")
        {
            Description = "The file here, or a folder for it; the folder in which this runs unless given.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var force = new Option<bool>("--force") { Description = "Replaces a file that is here." };
        var dryRun = new Option<bool>("--dry-run") { Description = "The device checks everything, says what it would do, and does nothing." };
        var json = Show.JsonOption();
        var opening = new SessionOpening(common, terminal, place);
        var verb = new Verb(
            "pull",
            "Fetches a file of any size from a device, sealed between here and there: neither the relay nor the server can read or change it. It is here whole or not at all. "
            + "A lost connection is taken up again; what came before the command ended otherwise stays in .NAME.part, and the same command goes on there.",
            ("fleetctl pull 4fa2...:/var/log/app.log --key alice.pem", "into this folder"),
            ("fleetctl pull 4fa2...:/srv/app/core.dump dumps/core-17 --key alice.pem", "under another name"))
        {
            place,
            local,
            force,
            dryRun,
            json,
        };
        opening.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var path = FilePlace.Split(parsed.GetRequiredValue(place)).Path;
            var name = Local(parsed.GetValue(local), path);
            if (parsed.GetValue(dryRun))
            {
                return Transfers.Say(parsed, await opening.DryRunAsync(
                    parsed,
                    static text => FilePlace.Split(text).Device,
                    CommandTypes.Pull,
                    (id, key) => new PullArguments(id, key, path, 0, null, FileReadArguments.MaxOffset).Encode(),
                    ct));
            }

            var progress = Transfers.Progress(parsed);
            using var target = await PullTarget.OpenAsync(name, parsed.GetValue(force), static _ => { }, ct);
            var most = Math.Min(target.Room() ?? long.MaxValue, FileReadArguments.MaxOffset);
            PullUser? user = null;
            var began = TimeProvider.System.GetTimestamp();
            SessionEnd end;
            try
            {
                end = await opening.RunAsync(
                    parsed,
                    static text => FilePlace.Split(text).Device,
                    CommandTypes.Pull,
                    FileStart.Window,
                    (id, key) => new PullArguments(id, key, path, target.Length, target.Prefix, most).Encode(),
                    () => user = new PullUser(target, progress),
                    ct);
            }
            finally
            {
                if (!target.IsStored && target.Length > 0)
                {
                    Show.Note(parsed, TerminalText.Line($"fleetctl: {TransferProgress.Bytes(target.Length)} of it are in {target.Partial}; the same command goes on there"));
                }
            }

            return target.IsStored
                ? Transfers.Done(
                    parsed,
                    parsed.GetValue(json),
                    new TransferView(path, name, target.Length, Convert.ToHexStringLower(target.Sha256), TimeProvider.System.GetElapsedTime(began).TotalSeconds),
                    name)
                : throw Transfers.Failed(user, end);
        });
    }

    private static string Local(string? given, string path)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return given is null ? name : Directory.Exists(given) ? Path.Combine(given, name) : given;
    }
}
