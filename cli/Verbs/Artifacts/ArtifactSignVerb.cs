using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact sign</c></summary>
internal static class ArtifactSignVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var keyFiles = TrustChanger.KeyFiles("--key", "Signs what it may: a root key the root, an owner's key the targets.", required: false);
        var yes = new Option<bool>("--yes") { Description = "Does not ask after what is to be signed was shown." };
        var output = new Option<string?>("--out") { Description = "Writes what waits to a file, for a machine without a network; with --in where the signed file goes.", HelpName = "FILE" };
        var input = new Option<string?>("--in") { Description = "A file of --out: with --key it is signed here, without a server; without --key its signatures go to the server.", HelpName = "FILE" };
        var keys = new KeyOptions(terminal);
        var verb = new Verb(
            "sign",
            "Says in words what waits for signatures, asks, and signs it. The server hears of signatures, never of keys.",
            ("fleetctl artifact sign --key owner.pem", "after fleetctl artifact add"),
            ("fleetctl artifact sign --key root.pem --key owner.pem --yes", "a root and targets, without a question"),
            ("fleetctl artifact sign --out waiting.json", "for a machine without a network,"),
            ("fleetctl artifact sign --in waiting.json --key owner.pem --fleet 3fa9...", "there,"),
            ("fleetctl artifact sign --in waiting.json", "and back here"))
        {
            keyFiles,
            yes,
            output,
            input,
        };
        keys.AddTo(verb);
        return verb.Runs(async (parsed, ct) =>
        {
            var files = parsed.GetValue(keyFiles) ?? [];
            var (from, to) = (parsed.GetValue(input), parsed.GetValue(output));
            if (from is not null && files.Length > 0)
            {
                return SignHere(common, parsed, SigningBundle.Read(from), to ?? from, () => keys.Open(parsed, files), terminal, parsed.GetValue(yes));
            }

            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            if (from is not null)
            {
                return await SubmitAsync(parsed, session, SigningBundle.Read(from).Drafts(), ct);
            }

            var room = SigningRoom.Of(session);
            Say(parsed, room);
            if (to is not null)
            {
                SigningBundle.Of(session).Write(to);
                Show.Note(parsed, $"Take {TerminalText.Line(to)} to the machine with the key, and run there: fleetctl artifact sign --in {TerminalText.Line(to)} --key FILE");
                return ExitCodes.Ok;
            }

            if (files.Length == 0)
            {
                throw new CliException("By which key? Give --key FILE, or --out FILE for a machine without a network.", ExitCodes.Usage);
            }

            Ask(terminal, parsed.GetValue(yes));
            IReadOnlyList<TufDocument> signed;
            using (var ring = keys.Open(parsed, files))
            {
                signed = room.Sign(ring.Keys);
            }

            return await SubmitAsync(parsed, session, signed, ct);
        });
    }

    private static int SignHere(CommonOptions common, ParseResult parsed, SigningBundle bundle, string to, Func<KeyRing> open, ITerminal terminal, bool isSure)
    {
        var room = bundle.Open(common.ReadFleet(parsed));
        Say(parsed, room);
        Ask(terminal, isSure);
        using (var ring = open())
        {
            bundle.With(room.Sign(ring.Keys)).Write(to);
        }

        Show.Note(parsed, $"Signed. Take {TerminalText.Line(to)} back, and run there: fleetctl artifact sign --in {TerminalText.Line(to)}");
        return ExitCodes.Ok;
    }

    private static void Say(ParseResult parsed, SigningRoom room)
    {
        if (room.Drafts.Count == 0)
        {
            throw new CliException("Nothing waits for signatures. To add a release: fleetctl artifact add FILE --version VERSION");
        }

        foreach (var draft in room.Drafts)
        {
            Show.Lines(parsed, TargetWords.Of(draft, room));
            Show.Lines(parsed, TargetWords.Signatures(draft, room));
        }
    }

    private static void Ask(ITerminal terminal, bool isSure)
    {
        if (isSure)
        {
            return;
        }

        if (!terminal.CanAsk)
        {
            throw new CliException("There is no terminal to ask on: give --yes when what is signed was looked at.", ExitCodes.Usage);
        }

        if (!terminal.Confirm("Sign this?"))
        {
            throw new CliException("Nothing was signed.");
        }
    }

    /// <summary>Brings the server the signatures that it lacks, for exactly what waits there now.</summary>
    private static async Task<int> SubmitAsync(ParseResult parsed, RepositorySession session, IReadOnlyList<TufDocument> signed, CancellationToken ct)
    {
        foreach (var draft in signed)
        {
            var there = draft.Role == RepositorySession.RootRole ? session.RootDraft : session.TargetsDraft;
            if (there?.Digest != draft.Digest)
            {
                throw new CliException($"What was signed as the {draft.Role} does not wait at the server any more: somebody has changed it. Look at it again: fleetctl artifact list");
            }

            foreach (var keyId in draft.SignedBy.Where(id => there.SignatureOf(id) is null))
            {
                await session.Api.PutSignatureAsync(draft.Role, keyId, draft.SignatureOf(keyId)!, ct);
            }
        }

        await session.ReadAsync(ct);
        var missing = (session.Status.Drafts ?? []).Where(static draft => !draft.Complete).ToList();
        foreach (var need in missing.SelectMany(static draft => draft.Needs ?? []).Where(static need => (need.SignedBy?.Count ?? 0) < need.Threshold))
        {
            Show.Note(parsed, TerminalText.Line($"Signed by {need.SignedBy?.Count ?? 0} of {need.Threshold} of {need.By}."));
        }

        Show.Note(parsed, missing.Count == 0 ? "Everything is signed. Next: fleetctl artifact publish" : "Signatures are missing still: fleetctl artifact sign --key FILE");
        return ExitCodes.Ok;
    }
}
