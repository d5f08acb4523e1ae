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

    /// <summary>Whether an agent that compiles while it runs would not start here.</summary>
    public Func<bool> IsCodeForbidden { get; init; } = ExecutableMemory.IsForbidden;

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
                var choice = await ChooseAsync(record, new HttpRepository(address, http), static () => { }, ct);
                DemandRoom(record, choice.Release, choice.Wanted, 0);
                return $"It would install {choice.Release.Name} {choice.Release.Version}{(record.Before.Length > 0 ? $" over {record.Before}" : "")}, and fetch {choice.Wanted.Length} bytes{(choice.From is null ? "" : " as a delta")}.";
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
        var choice = await ChooseAsync(record, repository, keep, ct);
        if (await builder.IsThereAsync(record, choice.Release, ct))
        {
            return;
        }

        var isLent = await FromNeighboursAsync(record, choice, tell, keep, ct);
        if (!isLent)
        {
            await DownloadAsync(record, choice, repository, tell, keep, ct);
        }

        var what = choice.From is null ? "The artifact is verified." : "The artifact is made of what is installed and a delta.";
        tell(UpdateState.Verifying, isLent ? what + " A neighbour had it." : what, 0, 0);
        try
        {
            await builder.BuildAsync(record, choice.Release, choice.Wanted, choice.From, ct);
        }
        catch (Exception e) when (choice.From is not null && e is DeltaException or UnauthorizedAccessException)
        {
            record.WithoutDelta = true;
            keep();
            throw new IOException($"the delta does not make the artifact ({e.Message}): all of it is fetched", e);
        }
    }

    /// <summary>The release, and what is to be fetched for it: all of it, or a delta that starts from what is installed.</summary>
    private async Task<Choice> ChooseAsync(UpdateRecord record, HttpRepository repository, Action keep, CancellationToken ct)
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
                return new Choice(release, target, delta, installed);
            }
        }

        return new Choice(release, target, target, null);
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
        ReleaseRules.Demand(release, DeviceHardware.Tags(options), IsCodeForbidden, components.Find);
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
    /// Neighbours bring it, which costs nothing: what is wanted, or the whole where that is a delta. While bytes cost too much they are asked again and again. False: a repository is asked.
    /// </summary>
    private async Task<bool> FromNeighboursAsync(UpdateRecord record, Choice choice, Teller tell, Action keep, CancellationToken ct)
    {
        while (neighbours is not null && Have(record, choice.Wanted) is var have && have < choice.Wanted.Length)
        {
            tell(UpdateState.Downloading, "Neighbours are asked for it.", have, choice.Wanted.Length);
            NeighbourSource.Bringer bring = (one, url, stop) => LendAsync(record, choice, one, url, tell, keep, stop);
            if (await neighbours.TryAsync(choice.Wanted, bring, ct))
            {
                return true;
            }

            // What is there of a delta is not given up for it.
            if (choice.From is { } from && Have(record, choice.Wanted) == 0 && !IsShort(Needed(record, choice.Release, choice.Whole, 0), out _))
            {
                var delta = choice.Wanted;
                (choice.Wanted, choice.From) = (choice.Whole, null);
                if (await neighbours.TryAsync(choice.Wanted, bring, ct))
                {
                    return true;
                }

                (choice.Wanted, choice.From) = (delta, from);
            }

            if (held() is not { } why)
            {
                return false;
            }

            tell(UpdateState.Downloading, why, 0, 0);
            await Task.Delay(HeldPause, time, ct);
        }

        return false;
    }

    private Task LendAsync(UpdateRecord record, Choice choice, HttpRepository neighbour, string url, Teller tell, Action keep, CancellationToken ct)
    {
        var target = choice.Wanted;
        Begin(record, target, keep);
        var download = Download(record, target, "It is fetched from a neighbour.", read => record.Fetched = record.Fetched with { Neighbours = record.Fetched.Neighbours + read }, new TokenBucket(0, time), NeighbourSource.Pace, tell);
        var have = download.Have(target);
        DemandRoom(record, choice.Release, target, have);
        record.Lent.Lend(have, target.Length);
        keep();
        return download.RunAsync(neighbour, url, target, isNeighbour: true, static _ => Task.CompletedTask, ct);
    }

    private async Task DownloadAsync(UpdateRecord record, Choice choice, HttpRepository repository, Teller tell, Action keep, CancellationToken ct)
    {
        var wanted = choice.Wanted;
        Begin(record, wanted, keep);
        var what = wanted.Path == record.Assignment.Target ? "The artifact is fetched." : "A delta is fetched.";
        var download = Download(record, wanted, what, Counter(record, repository), new TokenBucket(options.Rate, time), DownloadPace.OfRepositories, tell);
        var have = download.Have(wanted);
        DemandRoom(record, choice.Release, wanted, have);
        if (record.Lent.To > have)
        {
            // What comes now does not come from a neighbour.
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

    private ArtifactDownload Download(UpdateRecord record, TargetFile wanted, string what, Action<int> count, TokenBucket bucket, DownloadPace pace, Teller tell)
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
            count,
            record.Lent,
            pace);
    }

    /// <summary>A mirror that is a home as well is one.</summary>
    private Action<int> Counter(UpdateRecord record, HttpRepository repository)
    {
        foreach (var home in homes())
        {
            if (Uri.TryCreate(home, UriKind.Absolute, out var uri) && uri == repository.Address)
            {
                return read => record.Fetched = record.Fetched with { Homes = record.Fetched.Homes + read };
            }
        }

        return read => record.Fetched = record.Fetched with { Mirrors = record.Fetched.Mirrors + read };
    }

    /// <summary>What is still to come, what is made of it, and what the helper copies.</summary>
    private static long Needed(UpdateRecord record, Release release, TargetFile wanted, long have)
    {
        var content = ContentBuilder.Expected(record, release).Length;
        var isMade = release.IsEncrypted || wanted.Path != record.Assignment.Target;
        return wanted.Length - have + (isMade ? content : 0) + content;
    }

    private void DemandRoom(UpdateRecord record, Release release, TargetFile wanted, long have)
    {
        var needed = Needed(record, release, wanted, have);
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

    /// <summary>The release, and what is to be fetched for it.</summary>
    private sealed class Choice(Release release, TargetFile whole, TargetFile wanted, string? from)
    {
        public Release Release => release;

        /// <summary>The artifact.</summary>
        public TargetFile Whole => whole;

        /// <summary>It, or a delta.</summary>
        public TargetFile Wanted { get; set; } = wanted;

        /// <summary>The file that the delta starts from; null: it is none.</summary>
        public string? From { get; set; } = from;
    }
}
