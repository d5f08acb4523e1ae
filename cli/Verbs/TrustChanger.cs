using System.CommandLine;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Cli.Rosters;
using Messaging.Cli.Server;
using Messaging.Cli.Trust;
using Messaging.Crypto;
using Messaging.Trust;

namespace Messaging.Cli.Verbs;

/// <summary>What verbs that change roots or rosters have in common.</summary>
/// <param name="common">Which server and which fleet.</param>
/// <param name="terminal">Whom passphrases are asked of.</param>
internal sealed class TrustChanger(CommonOptions common, ITerminal terminal)
{
    private readonly KeyOptions _keys = new(terminal);
    private readonly Option<bool> _json = Show.JsonOption();

    /// <summary>An option that names files of keys.</summary>
    public static Option<string[]> KeyFiles(string name, string description, bool required) => new(name)
    {
        Description = description + " May be repeated where several keys must sign.",
        HelpName = "FILE",
        Required = required,
        DefaultValueFactory = required ? null : _ => [],
    };

    public void AddTo(Command verb)
    {
        _keys.AddTo(verb);
        verb.Options.Add(_json);
    }

    /// <summary>Fetches, opens the keys, plans, submits, and says what changed.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="keyFiles">The keys to open.</param>
    /// <param name="plan">From what is trusted, the keys in their order and the time to the change.</param>
    public async Task<int> RunAsync(
        ParseResult parsed, IReadOnlyList<string> keyFiles, Func<FleetTrust, IReadOnlyList<IdentityKey>, DateTimeOffset, TrustChange> plan, CancellationToken ct)
    {
        var settings = common.Read(parsed);
        var seen = Seen.Of(common, parsed);
        using var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), seen, parsed.InvocationConfiguration.Error, ct);
        SigningTime.RequireNotAhead(TimeProvider.System.GetUtcNow(), session.Api.ServerTime);
        using var ring = _keys.Open(parsed, keyFiles);
        var before = session.Trust;
        await session.SubmitAsync(plan(before, ring.Keys, TimeProvider.System.GetUtcNow()), ct);
        if (parsed.GetValue(_json))
        {
            Show.Json(parsed, TrustView.Of(session.Trust), ViewJson.Default.TrustView);
        }
        else
        {
            Show.Lines(parsed, TrustDifference.Lines(before, session.Trust));
        }

        if (before.Root.Version != session.Trust.Root.Version)
        {
            Follow(parsed, settings, session);
        }

        return ExitCodes.Ok;
    }

    /// <summary>The fingerprint of before goes on working while the fleet shows that root.</summary>
    private void Follow(ParseResult parsed, FleetSettings settings, FleetSession session)
    {
        var newest = session.Trust.Bundle.Roots[^1].Fingerprint.ToArray();
        var text = Convert.ToHexStringLower(newest);
        session.Keep(newest);
        if (!settings.FleetIsStored)
        {
            Show.Note(parsed, $"The fleet's newest root has the fingerprint {text}; the one of before goes on working for now.");
            return;
        }

        var file = common.File(parsed);
        try
        {
            file.Save(file.Load() with { Fleet = text });
            Show.Note(parsed, $"The configuration has the fingerprint of the newest root now ({file.Path}): {text}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CliException)
        {
            // The change is made whether or not this works.
            Show.Note(parsed, TerminalText.Line($"The configuration could not be changed: {e.Message} The fleet's newest root has the fingerprint {text}."));
        }
    }
}
