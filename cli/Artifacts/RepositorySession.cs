using System.CommandLine;
using System.Globalization;
using Messaging.Cli.Configuration;
using Messaging.Cli.Hosting;
using Messaging.Cli.Server;
using Messaging.Cli.Verbs;
using Messaging.Trust;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>A server's repository, as far as its signatures prove it, and what waits there to be signed.</summary>
internal sealed class RepositorySession : IDisposable
{
    public const string RootRole = "root";
    public const string TargetsRole = "targets";

    /// <summary>A year of one root each day.</summary>
    private const int MaxRoots = 400;

    private readonly FleetSession _session;
    private readonly FleetSettings _settings;
    private readonly SeenRepository _seen;
    private readonly TextWriter _notes;
    private SeenVersions? _known;

    private RepositorySession(FleetSession session, FleetSettings settings, SeenRepository seen, TextWriter notes) =>
        (_session, _settings, _seen, _notes) = (session, settings, seen, notes);

    /// <summary>With the server.</summary>
    public FleetSession Session => _session;

    public FleetApi Api => _session.Api;

    /// <summary>Whom the fleet trusts.</summary>
    public FleetTrust Fleet => _session.Trust;

    /// <summary>What the server says of it.</summary>
    public RepositoryReply Status { get; private set; } = null!;

    /// <summary>From the first to the newest, as they were shown.</summary>
    public IReadOnlyList<byte[]> Roots { get; private set; } = [];

    /// <summary>Verified; null when nothing was published yet.</summary>
    public RepositoryTrust? Trust { get; private set; }

    /// <summary>Signed by who may; null when nothing was published yet.</summary>
    public TargetsMetadata? Targets { get; private set; }

    /// <summary>The file of these; null when there is none.</summary>
    public byte[]? TargetsFile { get; private set; }

    /// <summary>What waits for signatures; null: nothing.</summary>
    public TufDocument? RootDraft { get; private set; }

    /// <inheritdoc cref="RootDraft"/>
    public TufDocument? TargetsDraft { get; private set; }

    /// <summary>The version that the next targets have: above all that this machine has seen, also where the server was restored from a backup.</summary>
    public long NextTargets => Math.Max(Targets?.Version ?? 0, _known?.Targets ?? 0) + 1;

    /// <exception cref="CliException">It cannot be reached, or does not prove itself.</exception>
    public static async Task<RepositorySession> OpenAsync(CommonOptions common, ParseResult parsed, CancellationToken ct)
    {
        var settings = common.Read(parsed);
        var notes = parsed.InvocationConfiguration.Error;
        var session = await FleetSession.OpenAsync(settings, settings.ReadToken(), Seen.Of(common, parsed), notes, ct);
        try
        {
            var repository = new RepositorySession(session, settings, new SeenRepository(Path.Combine(common.File(parsed).Folder, "repository")), notes);
            await repository.ReadAsync(ct);
            return repository;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Reads all of it again.</summary>
    public async Task ReadAsync(CancellationToken ct)
    {
        Status = await Api.GetRepositoryAsync(ct);
        _known = _seen.Load(_settings.Fleet);
        if (Status.Root is { } root && Status.Targets is { } targets)
        {
            await VerifyAsync(root.Version, targets.Version, ct);
        }
        else if (_known is { } known)
        {
            Note($"the server shows no repository, and this machine has seen root {known.Root} and targets {known.Targets}: it was restored from a backup, or holds something back");
        }

        RootDraft = await DraftAsync(RootRole, ct);
        TargetsDraft = await DraftAsync(TargetsRole, ct);
    }

    public void Dispose() => _session.Dispose();

    private static string File(long version, string role) => string.Create(CultureInfo.InvariantCulture, $"metadata/{version}.{role}.json");

    private async Task VerifyAsync(long rootVersion, long targetsVersion, CancellationToken ct)
    {
        var roots = new List<byte[]>();
        for (var version = 1; version <= Math.Min(rootVersion, MaxRoots); version++)
        {
            roots.Add(await FileAsync(File(version, RootRole), ct));
        }

        Trust = RepositoryRoots.Verify(roots, Fleet, _known, out var note);
        Roots = roots;
        Note(note);
        TargetsFile = await FileAsync(File(targetsVersion, TargetsRole), ct);
        try
        {
            Targets = Trust.ReadTargets(TargetsFile);
        }
        catch (TufException e)
        {
            throw new CliException($"The targets that the server shows are not signed by who may ({e.Message}). Do not go on: somebody pretends, or the server is damaged.");
        }

        if (_known?.Targets > Targets.Version)
        {
            Note($"the server shows targets {Targets.Version}, and this machine has seen targets {_known.Targets}: it was restored from a backup, or holds something back. What is added now follows those");
        }

        _known = new SeenVersions(
            Math.Max(Trust.Root.Version, _known?.Root ?? 0),
            _known?.Root > Trust.Root.Version ? _known.RootDigest : RepositoryRoots.Digest(roots[^1]),
            Math.Max(Targets.Version, _known?.Targets ?? 0));
        _seen.Save(_settings.Fleet, _known);
    }

    private async Task<TufDocument?> DraftAsync(string role, CancellationToken ct)
    {
        try
        {
            return await Api.FindDraftAsync(role, ct) is { } file ? TufDocument.Parse(file, role) : null;
        }
        catch (TufException e)
        {
            throw new CliException($"What the server shows as the draft of the {role} is none: {e.Message}");
        }
    }

    private async Task<byte[]> FileAsync(string path, CancellationToken ct) =>
        await Api.FindRepositoryFileAsync(path, ct) ?? throw new CliException($"The server does not show {path} of the repository, which has to be there.");

    private void Note(string? note)
    {
        if (note is not null)
        {
            _notes.WriteLine("fleetctl: note: " + TerminalText.Line(note));
        }
    }
}
