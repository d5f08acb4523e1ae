using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Sessions;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact prune</c></summary>
internal static class ArtifactPruneVerb
{
    public static Command Create(CommonOptions common, ITerminal terminal)
    {
        var yes = new Option<bool>("--yes") { Description = "Does not ask." };
        var verb = new Verb("prune", "Deletes the artifacts at the server that neither a published release nor one that waits names, those that are half uploaded too.", ("fleetctl artifact prune", "says what, and asks")) { yes };
        return verb.Runs(async (parsed, ct) =>
        {
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            var unused = ((await session.Api.GetArtifactsAsync(ct)).Items ?? []).Where(static one => one is { Target: null, Sha256: not null }).ToList();
            if (unused.Count == 0)
            {
                Show.Note(parsed, "Everything that is there is named by a release.");
                return ExitCodes.Ok;
            }

            Show.Lines(parsed, unused.Select(static one => TerminalText.Line($"{one.Sha256}  {TransferProgress.Bytes(one.Size)}{(one.Complete ? "" : ", half uploaded")}")));
            if (!parsed.GetValue(yes) && !(terminal.CanAsk && terminal.Confirm($"Delete {(unused.Count == 1 ? "this artifact" : $"these {unused.Count} artifacts")}?")))
            {
                throw new CliException("Nothing was deleted. With --yes nobody is asked.");
            }

            foreach (var one in unused)
            {
                await session.Api.DeleteArtifactAsync(one.Sha256!, ct);
            }

            Show.Note(parsed, $"{TransferProgress.Bytes(unused.Sum(static one => one.Size))} are free again.");
            return ExitCodes.Ok;
        });
    }
}
