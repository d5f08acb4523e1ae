using System.Net;
using Messaging.Cli.Hosting;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Repository;

namespace Messaging.Cli.Artifacts;

/// <summary>The next targets: those of the draft, or those that are published where there is no draft, and what is changed of them.</summary>
internal sealed class TargetsEdit
{
    /// <summary>How long targets count unless something else is said.</summary>
    public static readonly TimeSpan Validity = TimeSpan.FromDays(365);

    private readonly RepositorySession _session;
    private readonly TufDocument? _draft;
    private readonly List<TargetEntry> _entries;

    private TargetsEdit(RepositorySession session, TufDocument? draft, TargetsMetadata? from)
    {
        _session = session;
        _draft = draft;
        From = from;
        _entries = [.. TargetWords.All(from).Select(static target => TargetEntry.Of(target) ?? throw new CliException($"{target.Path} is listed without a SHA-256: these targets are not a fleet's."))];
    }

    /// <summary>What it begins with; null: nothing is there yet.</summary>
    public TargetsMetadata? From { get; }

    public IReadOnlyList<TargetEntry> Entries => _entries;

    /// <summary>Begins with what is there.</summary>
    public static TargetsEdit Of(RepositorySession session) =>
        new(session, session.TargetsDraft, session.TargetsDraft is { } draft ? SigningRoom.TargetsOf(draft) : session.Targets);

    public void Add(TargetEntry entry) => _entries.Add(entry);

    public void Remove(IReadOnlySet<string> paths) => _entries.RemoveAll(entry => paths.Contains(entry.Path));

    /// <summary>Puts it up for signatures; those of before do not count for it.</summary>
    /// <param name="expires">When it ends.</param>
    /// <param name="ct">Ends the attempt.</param>
    /// <exception cref="CliException">It is refused, or somebody else has changed the draft meanwhile.</exception>
    public async Task PutAsync(DateTimeOffset expires, CancellationToken ct)
    {
        TufDocument next;
        try
        {
            next = MetadataWriter.Targets(Math.Max(_session.NextTargets, From is not null && _draft is not null ? From.Version : 0), expires, _entries);
        }
        catch (TufException e)
        {
            throw new CliException($"Devices would refuse these targets: {e.Message}");
        }

        try
        {
            await _session.Api.PutDraftAsync(RepositorySession.TargetsRole, next.EncodeContent(), _draft?.Digest, ct);
        }
        catch (CliException e) when (e.Status == HttpStatusCode.PreconditionFailed)
        {
            throw new CliException("Somebody else has changed the draft of the targets in this moment. Nothing was lost: the same command again begins with theirs.");
        }
    }
}
