using Messaging.Updates;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates.Metadata;

/// <summary>The metadata and the drafts on the disk. Not thread-safe.</summary>
/// <param name="files">Where they are.</param>
/// <param name="keptVersions">Of snapshot and targets, for who is between two files.</param>
/// <param name="logger">Hears what does no harm.</param>
internal sealed partial class MetadataStore(IRepositoryFiles files, int keptVersions, ILogger logger)
{
    public static readonly IReadOnlyList<string> DraftRoles = [MetadataNames.Root, MetadataNames.Targets];
    private readonly Journal _journal = new(files);

    /// <summary>Something counts that is not carried out yet: the disk was full, say.</summary>
    public bool IsUnfinished => _journal.IsOpen;

    /// <summary>What counts now, after what a power cut has left was carried out.</summary>
    public RepositoryState Load()
    {
        var published = Unfinishable() ?? PublishedMetadata.Load(files);
        var drafts = new Dictionary<string, Draft>(StringComparer.Ordinal);
        foreach (var role in DraftRoles)
        {
            if (ReadDraft(role) is { } draft && !IsSuperseded(draft, published))
            {
                drafts.Add(role, draft);
            }
        }

        return new RepositoryState(published, drafts);
    }

    /// <summary>Durable when this returns.</summary>
    public void PutDraft(TufDocument draft) => files.Replace(MetadataNames.Draft(draft.Role), draft.Encode());

    /// <summary>Durable when this returns.</summary>
    public void DeleteDraft(string role) => files.Delete(MetadataNames.Draft(role));

    /// <summary>Shows these files and takes away these drafts: all of it, or nothing.</summary>
    public void Commit(IReadOnlyList<(string Name, byte[] Content)> next, IEnumerable<string> published)
    {
        _journal.Commit([.. next.Select(static one => (one.Name, (byte[]?)one.Content)), .. published.Select(static role => (MetadataNames.Draft(role), (byte[]?)null))]);
        Forget();
    }

    private static bool IsSuperseded(Draft draft, PublishedMetadata published) =>
        draft.Version <= (draft.Role == MetadataNames.Root ? published.Trust?.Root.Version ?? 0 : published.Targets?.Version ?? 0);

    /// <summary>What is shown when the journal cannot be carried out; null: it is.</summary>
    private PublishedMetadata? Unfinishable()
    {
        try
        {
            _journal.Finish();
            return null;
        }
        catch (InvalidDataException e)
        {
            return PublishedMetadata.Damaged(e.Message);
        }
    }

    private Draft? ReadDraft(string role)
    {
        try
        {
            return files.Read(MetadataNames.Draft(role)) is { } file ? Draft.Of(TufDocument.Parse(file, role)) : null;
        }
        catch (TufException error)
        {
            // It counted for nothing yet, and can be made again.
            LogBadDraft(logger, error, role);
            return null;
        }
    }

    /// <summary>Drops versions that nobody asks for any more. What is kept too long does no harm.</summary>
    private void Forget()
    {
        try
        {
            foreach (var role in new[] { MetadataNames.Snapshot, MetadataNames.Targets })
            {
                var versions = files.List().Select(name => MetadataNames.VersionOf(name, role)).OfType<long>().OrderDescending();
                foreach (var version in versions.Skip(keptVersions))
                {
                    files.Delete(MetadataNames.File(role, version));
                }
            }
        }
        catch (IOException error)
        {
            LogNotForgotten(logger, error);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Old versions of the repository's metadata could not be deleted; trying again later")]
    private static partial void LogNotForgotten(ILogger logger, Exception error);

    [LoggerMessage(2, LogLevel.Warning, "The draft of {Role} is damaged and is not shown: make it again")]
    private static partial void LogBadDraft(ILogger logger, Exception error, string role);
}
