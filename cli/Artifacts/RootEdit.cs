using System.CommandLine;
using Messaging.Cli.Hosting;
using Messaging.Cli.Keys;
using Messaging.Crypto;
using Messaging.Trust;
using Messaging.Updates.Repository;
using Messaging.Wire;

namespace Messaging.Cli.Artifacts;

/// <summary>What the verbs that make roots have in common.</summary>
internal static class RootEdit
{
    public static Option<string[]> TargetsKeyOption() => new("--targets-key")
    {
        Description = "The public key (FILE.pub) of who signs what there is to install; the owners' unless given. May be repeated.",
        HelpName = "PUBFILE",
        DefaultValueFactory = _ => [],
    };

    public static Option<int?> ThresholdOption() => new("--targets-threshold") { Description = "How many of them must sign.", HelpName = "N" };

    /// <summary>Who signs targets.</summary>
    /// <param name="otherwise">Unless keys are named.</param>
    /// <exception cref="CliException">It can never be fulfilled.</exception>
    public static KeyRole Targets(ParseResult parsed, Option<string[]> keys, Option<int?> threshold, KeyRole otherwise)
    {
        var named = (parsed.GetValue(keys) ?? []).Select(PublicKeyFile.Read).ToList();
        return Role(named.Count == 0 ? otherwise.Keys : named, parsed.GetValue(threshold) ?? (named.Count == 0 ? otherwise.Threshold : 1), "--targets-threshold");
    }

    /// <exception cref="CliException">It can never be fulfilled.</exception>
    public static KeyRole Role(IReadOnlyList<IdentityPublicKey> keys, int threshold, string option)
    {
        if (keys.Distinct().Count() != keys.Count || keys.Count > KeyRole.MaxKeys || keys.Count == 0)
        {
            throw new CliException($"A role has 1 to {KeyRole.MaxKeys} keys, none of them twice.", ExitCodes.Usage);
        }

        return threshold >= 1 && threshold <= keys.Count
            ? new KeyRole(threshold, keys)
            : throw new CliException($"{option} is 1 to {keys.Count}, the number of keys.", ExitCodes.Usage);
    }

    /// <summary>The server's key, as it shows it.</summary>
    /// <exception cref="CliException">It shows none.</exception>
    public static IdentityPublicKey Online(RepositorySession session) =>
        session.Status.OnlineKey?.Public is { } point && IdentityPublicKey.TryImport(point, out var key)
            ? key
            : throw new CliException("The server does not say by which key it signs snapshot and timestamp.");

    /// <summary>Refuses keys that are not the fleet's root keys. When several must sign, the others do so later: fleetctl artifact sign.</summary>
    /// <exception cref="CliException">One is not.</exception>
    public static void RequireOf(KeyRole root, IReadOnlyList<IdentityKey> keys)
    {
        if (keys.FirstOrDefault(key => !root.Keys.Contains(key.Public)) is { } stranger)
        {
            throw new CliException($"The key of --root-key ({stranger.Public}) is no root key of the fleet: {string.Join(", ", root.Keys)}.");
        }
    }

    /// <summary>Puts a root up, with the signatures that are there.</summary>
    public static async Task PutAsync(RepositorySession session, RootPlan plan, IReadOnlyList<IdentityKey> keys, CancellationToken ct)
    {
        var document = plan.Create();
        await session.Api.PutDraftAsync(RepositorySession.RootRole, document.EncodeContent(), session.RootDraft?.Digest, ct);
        foreach (var key in keys)
        {
            var id = RepositoryKey.Of(key.Public).Id;
            await session.Api.PutSignatureAsync(RepositorySession.RootRole, id, document.Sign(key).SignatureOf(id)!, ct);
        }
    }
}
