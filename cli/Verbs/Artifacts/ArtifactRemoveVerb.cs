using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact remove</c></summary>
internal static class ArtifactRemoveVerb
{
    public static Command Create(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "The component, or the target's path." };
        var version = new Argument<string?>("VERSION") { Description = "One version of it; without it all of them.", Arity = ArgumentArity.ZeroOrOne };
        var expires = ExpiresOption.Create("--expires", "the targets are to");
        var verb = new Verb(
            "remove",
            "Takes a release out of what is to be signed, with its deltas. Devices that have it keep it; none is shown it after the next publication.",
            ("fleetctl artifact remove messaging-agent 1.2.0", "for all hardware"),
            ("fleetctl artifact remove camera/2.0.0/linux-arm64/camera.tar", "this one"))
        {
            name,
            version,
            expires,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            var end = ExpiresOption.Read(parsed, expires);
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            var rows = RepositoryText.Rows(session).Where(static row => row.Sign != "-").ToList();
            var gone = ReleaseChoice.Of(rows, parsed.GetRequiredValue(name), parsed.GetValue(version));
            var kept = rows.Except(gone).SelectMany(static row => row.Release.Deltas).Select(static delta => delta.Target).ToHashSet(StringComparer.Ordinal);
            var edit = TargetsEdit.Of(session);
            edit.Remove(gone.SelectMany(static row => row.Release.Deltas).Select(static delta => delta.Target).Where(path => !kept.Contains(path))
                .Concat(gone.Select(static row => row.Target.Path)).ToHashSet(StringComparer.Ordinal));
            await edit.PutAsync(end, ct);
            await session.ReadAsync(ct);
            Show.Lines(parsed, session.TargetsDraft is { } draft ? TargetWords.Of(draft, SigningRoom.Of(session)) : []);
            Show.Note(parsed, "Next: fleetctl artifact sign --key FILE");
            return ExitCodes.Ok;
        });
    }
}
