using System.Text.Json;
using Messaging.Cli.Hosting;
using Messaging.Cli.Storage;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>What is carried to a machine whose keys never see a network, and back: it proves itself there by the fleet's fingerprint.</summary>
/// <param name="Format">What kind of file it is.</param>
/// <param name="Trust">Whom the fleet trusts: a bundle.</param>
/// <param name="Roots">The published roots, from the first to the newest.</param>
/// <param name="Targets">The published targets; null: none.</param>
/// <param name="Root">The draft of the root; null: none.</param>
/// <param name="TargetsDraft">The draft of the targets; null: none.</param>
internal sealed record SigningBundle(string Format, byte[] Trust, IReadOnlyList<byte[]> Roots, byte[]? Targets, byte[]? Root, byte[]? TargetsDraft)
{
    private const string Kind = "fleetctl-artifact-signing-1";
    private const int MaxBytes = 16 * 1024 * 1024;

    public static SigningBundle Of(RepositorySession session) => new(
        Kind, session.Fleet.Bundle.Encode(), session.Roots, session.TargetsFile, session.RootDraft?.Encode(), session.TargetsDraft?.Encode());

    /// <exception cref="CliException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SigningBundle Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(SmallFile.Read(path, MaxBytes), SeenJson.Default.SigningBundle) is { Format: Kind } bundle
                ? bundle
                : throw new JsonException();
        }
        catch (JsonException)
        {
            throw new CliException($"{path} is no file of fleetctl artifact sign --out.");
        }
    }

    /// <summary>Durable when this returns.</summary>
    public void Write(string path) => DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(this, SeenJson.Default.SigningBundle));

    /// <summary>The drafts in it.</summary>
    /// <exception cref="CliException">They are none.</exception>
    public IReadOnlyList<TufDocument> Drafts()
    {
        try
        {
            var drafts = new List<TufDocument>();
            if (Root is { Length: > 0 })
            {
                drafts.Add(TufDocument.Parse(Root, RepositorySession.RootRole));
            }

            if (TargetsDraft is { Length: > 0 })
            {
                drafts.Add(TufDocument.Parse(TargetsDraft, RepositorySession.TargetsRole));
            }

            return drafts;
        }
        catch (TufException e)
        {
            throw new CliException($"The drafts in the file are none: {e.Message}");
        }
    }

    /// <summary>Verifies all that is in it by the fleet's fingerprint.</summary>
    /// <exception cref="CliException">It does not prove itself.</exception>
    public SigningRoom Open(ReadOnlySpan<byte> fingerprint)
    {
        FleetTrust.Begin(Trust, fingerprint, out var fleet);
        if (fleet is null)
        {
            throw new CliException("The file is of another fleet: none of its roots has the fingerprint that was given (--fleet).");
        }

        if (Roots.Count == 0)
        {
            return new SigningRoom(fleet, null, null, Drafts());
        }

        var trust = RepositoryRoots.Verify(Roots, fleet, seen: null, out _);
        try
        {
            return new SigningRoom(fleet, RootPlan.Of(trust.Root), Targets is null ? null : trust.ReadTargets(Targets), Drafts());
        }
        catch (TufException e)
        {
            throw new CliException($"The targets in the file are not signed by who may: {e.Message}");
        }
    }

    /// <summary>The same with other drafts.</summary>
    public SigningBundle With(IReadOnlyList<TufDocument> drafts) => this with
    {
        Root = drafts.FirstOrDefault(static one => one.Role == RepositorySession.RootRole)?.Encode(),
        TargetsDraft = drafts.FirstOrDefault(static one => one.Role == RepositorySession.TargetsRole)?.Encode(),
    };
}
