using System.CommandLine;
using Messaging.Cli.Artifacts;
using Messaging.Cli.Hosting;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Cli.Verbs.Artifacts;

/// <summary><c>fleetctl artifact show</c></summary>
internal static class ArtifactShowVerb
{
    public static Command Create(CommonOptions common)
    {
        var name = new Argument<string>("NAME") { Description = "The component, or the target's path." };
        var version = new Argument<string?>("VERSION") { Description = "One version of it.", Arity = ArgumentArity.ZeroOrOne };
        var json = Show.JsonOption();
        var verb = new Verb("show", "All that is said of a release.", ("fleetctl artifact show messaging-agent 1.4.0", "for each hardware")) { name, version, json };
        return verb.Runs(async (parsed, ct) =>
        {
            using var session = await RepositorySession.OpenAsync(common, parsed, ct);
            var rows = ReleaseChoice.Of(RepositoryText.Rows(session), parsed.GetRequiredValue(name), parsed.GetValue(version));
            if (parsed.GetValue(json))
            {
                Show.Json(parsed, new RepositoryListing(session.Status, [.. rows.Select(static row => ReleaseRow.Of(row.Sign, row.Target, row.Release))]), ViewJson.Default.RepositoryListing);
            }
            else
            {
                Show.Lines(parsed, rows.SelectMany(static row => Lines(row.Sign, row.Target, row.Release)));
            }

            return ExitCodes.Ok;
        });
    }

    private static IEnumerable<string> Lines(string sign, TargetFile target, Release release)
    {
        var state = sign switch { "+" => "  (waits to be published)", "-" => "  (goes with the next publication)", _ => "" };
        yield return TargetWords.Line(target, release) + state;
        yield return TerminalText.Line($"  target   {target.Path}");
        yield return $"  sha256   {(target.Hashes.Sha256 is { } hash ? Convert.ToHexStringLower(hash) : "?")}, {target.Length} bytes";
        if (release.ContentSha256 is { } content)
        {
            yield return $"  content  {content}, {release.ContentLength} bytes";
        }

        foreach (var line in TargetWords.Details(release))
        {
            yield return $"  {line}";
        }

        foreach (var delta in release.Deltas)
        {
            yield return TerminalText.Line($"  delta    from {delta.From}: {delta.Target}");
        }
    }
}
