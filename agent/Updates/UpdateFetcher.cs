using Messaging.Agent.Configuration;
using Messaging.Agent.Updates.Fetching;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.Rules;
using Messaging.Agent.Updates.State;
using Messaging.Agent.Uplink;
using Messaging.Updates;
using Messaging.Updates.Deltas;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates;

/// <summary>
/// Brings the content of an update here: asks one repository after the other, as often as the update's time allows, and makes the content of what came. Who answers with what is not signed
/// is passed over; when that is all there is, it ends.
/// </summary>
internal sealed class UpdateFetcher(
    UpdateStore store,
    ReleaseSource source,
    ContentBuilder builder,
    Components components,
    IUpdateHelper helper,
    Func<IEnumerable<string>> homes,
    Func<HttpMessageHandler> handlers,
    Func<string?> held,
    UpdateOptions options,
    TimeProvider time,
    NeighbourSource? neighbours = null,
    SharedArtifacts? shared = null)
{
    /// <summary>Rounds in which nobody had anything but what is refused, before that is the end.</summary>
    private const int MostRefusals = 3;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HeldPause = TimeSpan.FromMinutes(1);

    /// <summary>Gets the state, what is to be said of it, and bytes.</summary>
    public delegate void Teller(UpdateState state, string detail, long done, long total);

    /// <summary>Returns when the content is here, and right.</summary>
    /// <exception cref="UpdateFailedException">It will not be.</exception>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="UpdateHelperException">The helper does not answer.</exception>
    public async Task RunAsync(UpdateRecord record, Teller tell, Action keep, CancellationToken ct)
    {
        using var http = new HttpClient(handlers()) { Timeout = Timeout.InfiniteTimeSpan };
        var (pause, refusals) = (FirstPause, 0);
        while (true)
        {
            if (neighbours is null)
            {
                await HoldAsync(tell, ct);
            }

            var (problem, isRefusal) = (new UpdateFailedException(UpdateReasons.Unreachable, "This device knows no repository."), false);
            foreach (var address in Addresses(record))
            {
                try
                {
                    await RoundAsync(record, new HttpRepository(address, http), tell, keep, ct);
                    return;
                }
                catch (TufException e)
                {
                    (problem, isRefusal) = (new UpdateFailedException(UpdateReasons.Of(e.Failure), $"{address.Host}: {e.Message}."), true);
                }
                catch (IOException e)
                {
                    (problem, isRefusal) = (new UpdateFailedException(UpdateReasons.Unreachable, e.Message), false);
                }
            }

            refusals = isRefusal ? refusals + 1 : 0;
            if (refusals == MostRefusals)
            {
                throw problem;
            }

            var wait = pause * (0.5 + Jitter.Next());
            tell(UpdateState.Downloading, $"{problem.Message} Tried again in {OptionText.Write(TimeSpan.FromSeconds(Math.Ceiling(wait.TotalSeconds)))}.", 0, 0);
            await Task.Delay(wait, time, ct);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    /// <summary>Looks once whether it could be installed, and says what would be fetched; fetches nothing but metadata.</summary>
    /// <exception cref="UpdateFailedException">It could not.</exception>
    /// <exception cref="IOException">The disk failed, or the helper's hook cannot say now.</exception>
    /// <exception cref="UpdateHelperException">The helper does not answer.</exception>
    public async Task<string> TryAsync(UpdateRecord record, CancellationToken ct)
    {
        using var http = new HttpClient(handlers()) { Timeout = Timeout.InfiniteTimeSpan };
        var problem = new UpdateFailedException(UpdateReasons.Unreachable, "This device knows no repository.");
        foreach (var address in Addresses(record))
        {
            try
            {
                var (release, wanted, _) = await ChooseAsync(record, new HttpRepository(address, http), static () => { }, ct);
                DemandRoom(record, release, wanted.Target, 0);
                return $"It would install {release.Name} {release.Version}{(record.Before.Length > 0 ? $" over {record.Before}" : "")}, and fetch {wanted.Target.Length} bytes{(wanted.From is null ? "" : " as a delta")}.";
            }
            catch (TufException e)
            {
                problem = new UpdateFailedException(UpdateReasons.Of(e.Failure), $"{address.Host}: {e.Message}.");
            }
            catch (IOException e)
            {
                problem = new UpdateFailedException(UpdateReasons.Unreachable, e.Message);
            }
        }

        throw problem;
    }

    /// <summary>What the repository said of a target when it was looked up last; null: that is not known.</summary>
    public ReadOnlyMemory<byte>? Recall(string target) => source.Recall(target);

    /// <summary>The assignment's mirrors, the device's own, and the fleet's homes; each once.</summary>
    private List<Uri> Addresses(UpdateRecord record)
    {
        var addresses = new List<Uri>();
        foreach (var one in (IEnumerable<string>)[.. record.Assignment.Mirrors, .. options.MirrorList(), .. homes()])
        {
            if (Uri.TryCreate(one, UriKind.Absolute, out var uri) && !addresses.Contains(uri))
            {
                addresses.Add(uri);
            }
        }

        return addresses;
    }

    /// <summary>One repository, from its metadata to the content.</summary>
    private async Task RoundAsync(UpdateRecord record, HttpRepository repository, Teller tell, Action keep, CancellationToken ct)
    {
        tell(UpdateState.Downloading, "What the repository has is looked up.", 0, 0);
        var (release, wanted, whole) = await ChooseAsync(record, repository, keep, ct);
        if (await builder.IsThereAsync(record, release, ct))
        {
            return;
        }

        var sources = "";
        if (await FromNeighboursAsync(record, release, wanted, whole, tell, keep, ct) is { } lent)
        {
            (wanted, sources) = (lent, " It came from neighbours.");
        }
        else
        {
            await DownloadAsync(record, release, repository, wanted.Target, tell, keep, ct);
        }

        tell(UpdateState.Verifying, (wanted.From is null ? "The artifact is verified." : "The artifact is made of what is installed and a delta.") + sources, 0, 0);
        try
        {
            await builder.BuildAsync(record, release, wanted.Target, wanted.From, ct);
        }
        catch (Exception e) when (wanted.From is not null && e is DeltaException or UnauthorizedAccessException)
        {
            record.WithoutDelta = true;
            keep();
            throw new IOException($"the delta does not make the artifact ({e.Message}): all of it is fetched", e);
        }
    }

    /// <summary>The release, and what is to be fetched for it: all of it, or a delta that starts from what is installed.</summary>
    private async Task<(Release Release, (TargetFile Target, string? From) Wanted, TargetFile Whole)> ChooseAsync(UpdateRecord record, HttpRepository repository, Action keep, CancellationToken ct)
    {
        var (client, target) = await source.FindAsync(repository, record.Assignment.Target, ct);
        ReleaseRules.DemandAssigned(record.Assignment, target);
        var release = await JudgeAsync(record, target, keep, ct);
        var installed = components.ArtifactOf(release.Name);
        if (!record.WithoutDelta && await ReleaseSource.DeltaFromAsync(release, installed, ct) is { } from)
        {
            var delta = await client.FindAsync(from, ct);
            if (delta.Length < target.Length)
            {
                return (release, (delta, installed), target);
            }
        }

        return (release, (target, null), target);
    }

    private async Task<Release> JudgeAsync(UpdateRecord record, TargetFile target, Action keep, CancellationToken ct)
    {
        Release release;
        try
        {
            release = Release.Read(target);
        }
        catch (TufException e)
        {
            throw new UpdateFailedException(UpdateReasons.NotARelease, $"{e.Message}.");
        }

        record.Custom = target.Custom;
        record.Before = components.Find(release.Name)?.Version ?? "";
        ReleaseRules.Demand(release, DeviceHardware.Tags(options), components.Find);
        var length = ContentBuilder.Expected(record, release).Length;
        if (length > options.MaxBytes || target.Length > options.MaxBytes)
        {
            throw new UpdateFailedException(UpdateReasons.NoSpace, $"It has {length} bytes, and this device takes {OptionText.Write(options.MaxBytes)} at most (Updates:MaxBytes).");
        }

        if (release.IsEncrypted != record.Assignment.Key.HasValue)
        {
            throw new UpdateFailedException(UpdateReasons.BadKey, release.IsEncrypted ? "It is encrypted, and the assignment has no key." : "The assignment has a key, and it is not encrypted.");
        }

        keep();
        var answer = await helper.AskAsync(new UpdateRequest(UpdateVerb.Prepare, record.Id, record.Assignment.Target), ct);
        return answer.Outcome switch
        {
            UpdateOutcome.Done => release,
            UpdateOutcome.Later => throw new IOException(answer.Text),
            _ => throw new UpdateFailedException(answer.Reason.Length > 0 ? answer.Reason : UpdateReasons.HookFailed, answer.Text),
        };
    }

    /// <summary>
    /// What neighbours have brought, which costs nothing: what is wanted, or the whole where that is a delta. While bytes cost too much they are asked again and again. Null: a repository is asked.
    /// </summary>
    private async Task<(TargetFile Target, string? From)?> FromNeighboursAsync(
        UpdateRecord record, Release release, (TargetFile Target, string? From) wanted, TargetFile whole, Teller tell, Action keep, CancellationToken ct)
    {
        while (neighbours is not null)
        {
            tell(UpdateState.Downloading, "Neighbours are asked for it.", 0, 0);
            if (await neighbours.TryAsync(wanted.Target, (one, url, stop) => LendAsync(record, release, one, url, wanted.Target, tell, keep, stop), ct))
            {
                return wanted;
            }

            // What is there of a delta is not given up for it.
            if (wanted.From is not null && Have(record, wanted.Target) == 0
                && await neighbours.TryAsync(whole, (one, url, stop) => LendAsync(record, release, one, url, whole, tell, keep, stop), ct))
            {
                return (whole, null);
            }

            if (held() is not { } why)
            {
                return null;
            }

            tell(UpdateState.Downloading, why, 0, 0);
            await Task.Delay(HeldPause, time, ct);
        }

        return null;
    }

    private async Task LendAsync(UpdateRecord record, Release release, HttpRepository neighbour, string url, TargetFile target, Teller tell, Action keep, CancellationToken ct)
    {
        Begin(record, target, keep);
        var download = Download(record, target, "It is fetched from a neighbour.", new TokenBucket(0, time), NeighbourSource.Pace, tell);
        var have = download.Have(target);
        DemandRoom(record, release, target, have);
        record.Lent.Lend(have, target.Length);
        keep();
        try
        {
            await download.RunAsync(neighbour, url, target, isNeighbour: true, static _ => Task.CompletedTask, ct);
        }
        finally
        {
            record.Lent.Cut(download.Have(target));
        }
    }

    private async Task DownloadAsync(UpdateRecord record, Release release, HttpRepository repository, TargetFile wanted, Teller tell, Action keep, CancellationToken ct)
    {
        Begin(record, wanted, keep);
        var what = wanted.Path == record.Assignment.Target ? "The artifact is fetched." : "A delta is fetched.";
        var download = Download(record, wanted, what, new TokenBucket(options.Rate, time), DownloadPace.OfRepositories, tell);
        var have = download.Have(wanted);
        DemandRoom(record, release, wanted, have);
        if (!record.Lent.IsEmpty)
        {
            record.Lent.Cut(have);
            keep();
        }

        tell(UpdateState.Downloading, what, have, wanted.Length);
        await download.RunAsync(repository, TufNames.Target(wanted.Path, wanted.Hashes.Prefix), wanted, isNeighbour: false, stop => HoldAsync(tell, stop), ct);
    }

    /// <summary>What was fetched of something else is not needed.</summary>
    private void Begin(UpdateRecord record, TargetFile wanted, Action keep)
    {
        var id = Id(wanted);
        if (record.Fetching != id)
        {
            store.Clear();
            record.Fetching = id;
            record.Lent.Clear();
            keep();
        }
    }

    private static string Id(TargetFile target) => Convert.ToHexStringLower(target.Hashes.Sha256 ?? []);

    private long Have(UpdateRecord record, TargetFile wanted)
    {
        if (record.Fetching != Id(wanted) || !store.Disk.Exists(store.Fetched))
        {
            return 0;
        }

        using var file = store.Disk.Open(store.Fetched, create: false);
        return file.Length;
    }

    private ArtifactDownload Download(UpdateRecord record, TargetFile wanted, string what, TokenBucket bucket, DownloadPace pace, Teller tell)
    {
        var told = time.GetTimestamp();
        return new ArtifactDownload(
            store.Disk,
            store.Fetched,
            bucket,
            time,
            there =>
            {
                if (time.GetElapsedTime(told) >= ReportEvery)
                {
                    told = time.GetTimestamp();
                    tell(UpdateState.Downloading, what, there, wanted.Length);
                }
            },
            record.Lent,
            pace);
    }

    /// <summary>What is still to come, what is made of it, and what the helper copies.</summary>
    private void DemandRoom(UpdateRecord record, Release release, TargetFile wanted, long have)
    {
        var content = ContentBuilder.Expected(record, release).Length;
        var isMade = release.IsEncrypted || wanted.Path != record.Assignment.Target;
        var needed = wanted.Length - have + (isMade ? content : 0) + content;
        if (IsShort(needed, out _))
        {
            // What is kept for others goes first.
            shared?.Clear();
        }

        if (IsShort(needed, out var free))
        {
            throw new UpdateFailedException(
                UpdateReasons.NoSpace, $"It needs {needed} bytes of the disk, {free} are free, and {OptionText.Write(options.KeepFree)} stay free (Updates:KeepFree).");
        }
    }

    private bool IsShort(long needed, out long free)
    {
        var space = store.Disk.Space(store.Metadata);
        free = space?.Free ?? 0;
        return space is not null && free - needed < options.KeepFree;
    }

    /// <summary>Waits while bytes cost too much.</summary>
    private async Task HoldAsync(Teller tell, CancellationToken ct)
    {
        while (held() is { } why)
        {
            tell(UpdateState.Downloading, why, 0, 0);
            await Task.Delay(HeldPause, time, ct);
        }
    }
}
