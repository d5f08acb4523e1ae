using Messaging.Agent.Clock;
using Messaging.Agent.Commands;
using Messaging.Agent.Commands.Output;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Helper;
using Messaging.Agent.Tests.Support;
using Messaging.Agent.Updates;
using Messaging.Agent.Updates.Fetching;
using Messaging.Agent.Updates.Health;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Agent.Updates.Root;
using Messaging.Agent.Updates.Rules;
using Messaging.Agent.Updates.State;
using Messaging.Trust;
using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Updates;

/// <summary>A device with its agent and its helper on one disk, and what it is told to do; each call of <see cref="RunAsync"/> is a start of the agent.</summary>
internal sealed class UpdateWorld(IDisk disk, TestReleases releases, string folder = "") : IUpdateReports, IHealthWatch, IUpdateHelper
{
    /// <summary>The helper's folder.</summary>
    public const string Root = "root";
    public const string Agent = "state";
    private FastTime _time = new(2000);
    private UpdateJobs? _jobs;

    public CommandId Id { get; init; } = CommandId.Generate();

    /// <summary>Null: it works.</summary>
    public string? Problem { get; init; }

    public FakeHooks Hooks { get; init; } = new(disk, Path.Combine(folder, Root));

    public UpdateOptions Options { get; init; } = new() { Installed = Path.Combine(folder, Root), Mirrors = TestReleases.Address, KeepFree = 0 };

    /// <summary>What was signed, in order.</summary>
    public List<(UpdateState Outcome, string Reason, string Detail)> Receipts { get; } = [];

    /// <summary>What was told, in order.</summary>
    public List<(UpdateState State, string Detail)> Told { get; } = [];

    /// <summary>Who asks for what.</summary>
    public Func<UpdateRequest, Task<UpdateAnswer>>? Ask { get; init; }

    /// <summary>Called when a receipt is signed.</summary>
    public Action<UpdateRecord>? Signing { get; init; }

    public bool IsThere => true;

    /// <summary>How much faster its time goes.</summary>
    public int Speed { init => _time = new FastTime(value); }

    /// <summary>Why nothing is fetched over the uplink; null: it is.</summary>
    public Func<string?> Held { get; init; } = static () => null;

    public NeighbourSource? Neighbours { get; init; }

    public SharedArtifacts? Shared { get; init; }

    /// <summary>Addresses of the fleet's servers.</summary>
    public IReadOnlyList<string> Homes { get; init; } = [];

    public CancellationToken Cancelled { get; set; }

    public bool IsDryRun { get; init; }

    public Func<FleetTrust>? Trust { get; init; }

    /// <summary>Whether those who signed it may have it installed still.</summary>
    public Func<CommandVerdict> Judge { get; init; } = static () => CommandVerdict.Accepted;

    /// <summary>What root's file allows.</summary>
    public IReadOnlyList<string> Kinds { get; init; } = ["tree"];

    /// <summary>Whether the agent may make no code while it runs.</summary>
    public bool IsCodeForbidden { get; init; }

    /// <summary>Called with each state that is told.</summary>
    public Action<UpdateState> Telling { get; init; } = static _ => { };

    /// <summary>Folders that are made when the package is installed.</summary>
    public static void Prepare(IDisk disk)
    {
        foreach (var folder in (ReadOnlySpan<string>)[Root, Agent])
        {
            disk.CreateDirectory(folder);
        }

        disk.SyncDirectory(".");
    }

    public async Task<CommandResult> RunAsync(UpdateArguments arguments, bool isFollowed, CancellationToken ct = default)
    {
        var store = new UpdateStore(disk, Path.Combine(folder, Agent, "updates"));
        var boot = new FakeBoot(_time);
        var trusted = new TrustedClock(boot);
        var clock = new UpdateClock(_time, new WallClock(_time, boot, trusted, new FakeDiscipline(), new AgentOptions()), trusted);
        var trust = Trust ?? (() => releases.Trust);
        _jobs = Jobs();
        var builder = new ContentBuilder(store, Shared);
        var fetcher = new UpdateFetcher(
            store, new ReleaseSource(store, trust, clock), builder, new Components(disk, Path.Combine(folder, Root)), this, () => Homes, () => releases, Held, Options, clock, Neighbours, Shared)
        {
            IsCodeForbidden = () => IsCodeForbidden,
        };
        var run = new UpdateRun(store, fetcher, this, this, this, builder, clock, trust);
        var handler = new UpdateHandler(store, run, fetcher, this, this, clock);
        using var output = new OutputStream(Id, 0, static _ => true, TimeProvider.System);
        var context = new CommandContext(Id, arguments.Encode(), output, Cancelled) { IsFollowed = isFollowed, JudgeAgain = Judge };
        return IsDryRun ? await handler.TryAsync(context, ct) : await handler.RunAsync(context, ct);
    }

    public void Tell(UpdateRecord record, TimeSpan? deadline, string detail, long done = 0, long total = 0)
    {
        record.ReportNo++;
        Told.Add((record.State, detail));
        Telling(record.State);
    }

    public Task SignAsync(UpdateRecord record, Release? release, CancellationToken ct)
    {
        Signing?.Invoke(record);
        Receipts.Add((record.State, record.Reason, record.Detail));
        return Task.CompletedTask;
    }

    public Task<string?> WatchAsync(HealthChecks checks, Action<string, TimeSpan> tell, CancellationToken ct) => Task.FromResult(Problem);

    public Task<UpdateAnswer> AskAsync(UpdateRequest request, CancellationToken ct)
    {
        var parsed = UpdateRequest.Parse(request.Format());
        Assert.Equal(request, parsed);
        return Ask is null ? DoAsync(request) : Ask(request);
    }

    /// <summary>The helper of this one does what another one asks for.</summary>
    public void Attach(UpdateWorld other) => other._jobs = Jobs();

    /// <summary>As the helper does it, over its lines.</summary>
    public async Task<UpdateAnswer> DoAsync(UpdateRequest request) =>
        UpdateAnswer.Parse((await _jobs!.DoAsync(request, CancellationToken.None)).Format()) ?? throw new InvalidOperationException("no answer");

    private UpdateJobs Jobs()
    {
        var root = new UpdateFolder(disk, Path.Combine(folder, Root));
        var agent = new DiskFolder(disk, Path.Combine(folder, Agent, "updates"));
        return new UpdateJobs(root, new ReleaseCheck(disk, root.Metadata, agent, "none", TimeProvider.System), agent, Hooks, () => new HelperPolicy("helper.conf", [], Reboot: false, TimeSpan.Zero) { UpdateKinds = Kinds });
    }

    private sealed class DiskFolder(IDisk disk, string folder) : IAgentFolder
    {
        public byte[]? Metadata(string name, int maxBytes) => AtomicFile.Read(disk, Path.Combine(folder, "metadata", name), maxBytes);

        public IAgentContent OpenContent() => new Content(disk.Open(Path.Combine(folder, "content"), create: false));

        private sealed class Content(IDiskFile file) : IAgentContent
        {
            public int Read(long offset, Span<byte> buffer) => file.Read(offset, buffer);

            public void Dispose() => file.Dispose();
        }
    }
}
