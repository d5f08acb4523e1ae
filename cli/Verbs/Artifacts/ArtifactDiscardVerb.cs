using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact discard</c></summary>
internal static class ArtifactDiscardVerb
{
    public static Command Create(CommonOptions common)
    {
        var role = new Argument<string>("ROLE") { Description = "root or targets." };
        role.AcceptOnlyFromAmong(RepositorySession.RootRole, RepositorySession.TargetsRole);
        var verb = new Verb("discard", "Takes back what waits to be signed or published. What devices are shown stays.", ("fleetctl artifact discard targets", "all that was added or removed")) { role };
        return verb.Runs(async (parsed, ct) =>
        {
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            await session.Api.DeleteDraftAsync(parsed.GetRequiredValue(role), ct);
            await session.ReadAsync(ct);
            Show.Note(parsed, RepositoryText.Next(session));
            return ExitCodes.Ok;
        });
    }
}
