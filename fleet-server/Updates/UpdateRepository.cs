using Messaging.FleetServer.Api;
using Messaging.FleetServer.Trust;
using Messaging.FleetServer.Updates.Artifacts;
using Messaging.FleetServer.Updates.Metadata;
using Messaging.Updates;
using Messaging.Updates.Repository;

namespace Messaging.FleetServer.Updates;

/// <summary>
/// The fleet's TUF repository (docs/decisions/0055): what devices are shown, and what waits for the signatures of people. Thread-safe: one change at a
/// time, and who reads gets what counts at that moment.
/// </summary>
internal sealed class UpdateRepository : IDisposable
{
    private readonly MetadataStore _store;
    private readonly ArtifactStore _artifacts;
    private readonly OnlineKey _online;
    private readonly ITrustService _trust;
    private readonly RepositoryLimits _limits;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private volatile RepositoryState _state;

    public UpdateRepository(
        IRepositoryFiles files, ArtifactStore artifacts, OnlineKey online, ITrustService trust, RepositoryLimits limits, TimeProvider time, ILogger<UpdateRepository> logger)
    {
        (_artifacts, _online, _trust, _limits, _time) = (artifacts, online, trust, limits, time);
        _store = new MetadataStore(files, limits.KeptVersions, logger);
        _state = _store.Load();
    }

    /// <summary>What devices are shown.</summary>
    public PublishedMetadata Published => _state.Published;

    /// <summary>The key that the next root must name.</summary>
    public RepositoryKey Online => _online.Name;

    /// <summary>What waits for signatures; null: nothing of this role.</summary>
    public Draft? DraftOf(string role) => _state.Drafts.GetValueOrDefault(role);

    /// <summary>Whose signatures a draft needs.</summary>
    public IReadOnlyList<SigningNeed> NeedsOf(Draft draft) => Needs(_state, draft);

    /// <summary>Puts something up for signatures, in the place of what is there.</summary>
    /// <param name="role">root or targets.</param>
    /// <param name="content">What is to be signed, in JSON.</param>
    /// <param name="replaces">The digest of what it was made from; null: there was nothing.</param>
    public Task<ApiProblem?> PutDraftAsync(string role, ReadOnlyMemory<byte> content, string? replaces, CancellationToken cancellationToken) => ChangeAtOnceAsync(
        state =>
        {
            Draft draft;
            try
            {
                draft = Draft.Of(TufDocument.ParseContent(content.Span, role));
            }
            catch (TufException e)
            {
                return new ApiProblem(400, "metadata_malformed", e.Message);
            }

            if (state.Drafts.GetValueOrDefault(role)?.Document.Digest != replaces)
            {
                return RepositoryProblems.Changed;
            }

            if (DraftRules.Check(draft, state.Published, _online.Name, _time.GetUtcNow()) is { } problem)
            {
                return problem;
            }

            _store.PutDraft(draft.Document);
            return null;
        },
        cancellationToken);

    /// <summary>Takes back what waits for signatures.</summary>
    public Task<ApiProblem?> DiscardAsync(string role, CancellationToken cancellationToken) => ChangeAtOnceAsync(
        state =>
        {
            if (!state.Drafts.ContainsKey(role))
            {
                return RepositoryProblems.NoDraft;
            }

            _store.DeleteDraft(role);
            return null;
        },
        cancellationToken);

    /// <summary>Adds a signature, when it is right and somebody's that counts.</summary>
    public Task<ApiProblem?> SignAsync(string role, string keyId, byte[] signature, CancellationToken cancellationToken) => ChangeAtOnceAsync(
        state =>
        {
            if (state.Drafts.GetValueOrDefault(role) is not { } draft)
            {
                return RepositoryProblems.NoDraft;
            }

            if (Needs(state, draft).SelectMany(static need => need.Keys).FirstOrDefault(key => key.Id == keyId) is not { } key)
            {
                return new ApiProblem(422, "not_a_signer", $"This key is none of those that sign this {role}.");
            }

            var signed = draft.Document.With(keyId, signature);
            if (!signed.IsSignedBy(key))
            {
                return new ApiProblem(422, "signature_wrong", "This is not the key's signature over what waits now. Fetch it again, and sign that.");
            }

            _store.PutDraft(signed);
            return null;
        },
        cancellationToken);

    /// <summary>Shows devices what was signed, all of it at once.</summary>
    public Task<ApiProblem?> PublishAsync(CancellationToken cancellationToken) => ChangeAsync(
        async state =>
        {
            var (root, targets) = (state.Root, state.Targets);
            var problem = root is null && targets is null ? RepositoryProblems.NothingToPublish
                : !state.Published.Exists && (root is null || targets is null) ? RepositoryProblems.Incomplete
                : Missing(state, root) ?? Missing(state, targets) ?? DraftProblem(state, root) ?? DraftProblem(state, targets) ?? ArtifactProblem(targets);
            if (problem is not null)
            {
                return problem;
            }

            // A root that is not the draft's names this server's key, or nothing could be published.
            if (root is null && !OnlineIsNamed(state))
            {
                return RepositoryProblems.OtherOnlineKey;
            }

            var next = Publication.Of(state.Published, root, targets, _online, _limits, _time.GetUtcNow());
            if (await new Rehearsal(state.Published, next, _time).RunAsync(cancellationToken) is { } refusal)
            {
                return RepositoryProblems.WouldBeRefused(refusal);
            }

            _store.Commit(next, state.Drafts.Keys);
            return null;
        },
        cancellationToken);

    /// <summary>Signs timestamp and snapshot anew when it is time to, and carries out what a power cut has left.</summary>
    /// <returns>Whether something was signed.</returns>
    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var isSigned = false;
        await ChangeAtOnceAsync(
            state =>
            {
                var now = _time.GetUtcNow();
                if (!state.Published.Exists || !OnlineIsNamed(state))
                {
                    return null;
                }

                if (state.Published.Snapshot!.Expires - now < _limits.SnapshotValidity / 2)
                {
                    _store.Commit(Publication.Of(state.Published, null, null, _online, _limits, now), []);
                    isSigned = true;
                }
                else if (IsDue(state.Published.Timestamp!.Expires - now))
                {
                    _store.Commit([Publication.Timestamp(state.Published, _online, _limits, now)], []);
                    isSigned = true;
                }

                return null;
            },
            cancellationToken);
        return isSigned;
    }

    public void Dispose() => _gate.Dispose();

    /// <summary>After a twelfth of its time, and when the server was told that it counts for less.</summary>
    private bool IsDue(TimeSpan left) => left < _limits.TimestampValidity * 11 / 12 || left > _limits.TimestampValidity;

    private bool OnlineIsNamed(RepositoryState state) => state.Published.Plan?.Online.Equals(_online.Name.Public) == true;

    private IReadOnlyList<SigningNeed> Needs(RepositoryState state, Draft draft)
    {
        if (draft.Role == MetadataNames.Root)
        {
            return SigningNeed.OfRoot(draft.Root!, state.Published.Plan, state.Published.Exists ? draft.Root!.Root : _trust.Trust.Root.Root);
        }

        return (state.Root?.Root ?? state.Published.Plan) is { } plan ? SigningNeed.OfTargets(plan) : [];
    }

    private ApiProblem? Missing(RepositoryState state, Draft? draft) =>
        draft is null ? null
            : Needs(state, draft) is { Count: > 0 } needs && needs.FirstOrDefault(need => !need.IsMetBy(draft.Document)) is { } need ? RepositoryProblems.Unsigned(draft, need)
            : null;

    /// <summary>What could be put up for signatures then may have expired since, or the server's key be another one.</summary>
    private ApiProblem? DraftProblem(RepositoryState state, Draft? draft) => draft is null ? null : DraftRules.Check(draft, state.Published, _online.Name, _time.GetUtcNow());

    private ApiProblem? ArtifactProblem(Draft? targets)
    {
        foreach (var file in targets?.Files ?? [])
        {
            var sha256 = Convert.ToHexStringLower(file.Hashes.Sha256!);
            if (_artifacts.LengthOf(sha256) is not { } length)
            {
                return new ApiProblem(409, "artifact_missing", $"{file.Path} is not here: upload the artifact {sha256} first.");
            }

            if (length != file.Length)
            {
                return new ApiProblem(422, "artifact_wrong_length", $"{file.Path} has {length} bytes, and not {file.Length}.");
            }
        }

        return null;
    }

    private Task<ApiProblem?> ChangeAtOnceAsync(Func<RepositoryState, ApiProblem?> change, CancellationToken cancellationToken) => ChangeAsync(state => Task.FromResult(change(state)), cancellationToken);

    /// <summary>One change after the other. Whatever becomes of it, what is shown afterwards is what is on the disk.</summary>
    private async Task<ApiProblem?> ChangeAsync(Func<RepositoryState, Task<ApiProblem?>> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            // A change that counts and could not be carried out, because the disk was full, is carried out before the next.
            _state = _store.IsUnfinished ? _store.Load() : _state;
            return _state.Published.Damage is { } damage ? RepositoryProblems.Damaged(damage) : await ReloadingAsync(change);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<ApiProblem?> ReloadingAsync(Func<RepositoryState, Task<ApiProblem?>> change)
    {
        try
        {
            return await change(_state);
        }
        finally
        {
            _state = _store.Load();
        }
    }
}
