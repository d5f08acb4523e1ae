using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Cli.Sessions;
using Messaging.Updates;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact mirror</c></summary>
internal static class ArtifactMirrorVerb
{
    public static Command Create(CommonOptions common)
    {
        var folder = new Argument<string>("DIR") { Description = "Gets metadata/ and targets/; what is there already is not fetched again." };
        var verb = new Verb(
            "mirror",
            "Writes the repository as files for any web server or bucket, verified as devices do. Devices that an assignment sends there believe nothing of it but signatures. "
            + "To be run again before the timestamp ends (fleetctl artifact list), or devices find it stale.",
            ("fleetctl artifact mirror /var/www/updates", "from a timer, each hour"))
        {
            folder,
        };
        return verb.Runs(async (parsed, ct) =>
        {
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            if (session.Trust is null)
            {
                throw new CliException("Nothing was published yet: there is nothing to mirror.");
            }

            try
            {
                var mirror = new RepositoryMirror(session, Path.GetFullPath(parsed.GetRequiredValue(folder)), Transfers.Progress(parsed));
                var (files, bytes) = await mirror.WriteAsync(ct);
                Show.Lines(parsed, [TerminalText.Line($"{parsed.GetRequiredValue(folder)}: targets {session.Targets!.Version}, {files} new artifact{(files == 1 ? "" : "s")}, {TransferProgress.Bytes(bytes)}")]);
                return ExitCodes.Ok;
            }
            catch (TufException e)
            {
                throw new CliException($"A device would refuse what the server shows ({e.Failure}): {e.Message}. The mirror shows what it did before.");
            }
        });
    }
}
