using Messaging.Agent.Audit;
using Messaging.Agent.Clock;
using Messaging.Agent.Commands;
using Messaging.Agent.Configuration;
using Messaging.Agent.Disk;
using Messaging.Agent.Enrolment;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Trust;
using Messaging.Agent.Twin;
using Messaging.Agent.Updates.Neighbours;
using Messaging.Agent.Updates.State;

namespace Messaging.Agent.Hosting;

/// <summary>Everything that the agent keeps, opened and repaired, before anything runs.</summary>
internal sealed class AgentState : IDisposable
{
    private AgentState()
    {
    }

    public required IDisk Disk { get; init; }

    public required StateFolder Folder { get; init; }

    public required DeviceMembership Membership { get; init; }

    public required KeyStore Keys { get; init; }

    public required FleetTrustStore FleetTrust { get; init; }

    public required TrustStore Trust { get; init; }

    public required TrustedClock Clock { get; init; }

    public required EpochCounter Epochs { get; init; }

    public required CommandJournal Journal { get; init; }

    public required ExecutionRecord Executions { get; init; }

    public required TwinStore Twin { get; init; }

    public required UpdateStore Updates { get; init; }

    public required SharedArtifacts Shared { get; init; }

    public required SpoolStore Spool { get; init; }

    public required RunMark Run { get; init; }

    /// <summary>Null when the device is not enrolled.</summary>
    /// <exception cref="DamagedStateException">It was, and starting again will not help.</exception>
    /// <exception cref="IOException">The state folder cannot be used now.</exception>
    public static AgentState? Open(StateFolder folder, AgentOptions options, IBootClock boot, TimeProvider time, IDisk disk)
    {
        // A process that was killed may have given a file its name and not synced the folder: nothing is built on what a power cut takes back.
        disk.SyncDirectory(folder.Path);
        var enrolment = EnrolmentStore.Load(disk, folder.Enrolment);
        if (enrolment is null || KeyStore.Open(disk, folder.Keys) is not { } keys)
        {
            return null;
        }

        if (keys.Keys.DeviceId != enrolment.DeviceId)
        {
            throw new DamagedStateException($"{folder.Keys} and {folder.Enrolment} belong to different devices: restore them together, or enrol again with --force");
        }

        var clock = new TrustedClock(boot);
        var trust = new TrustStore(disk, folder.Trust, clock);
        var fleet = FleetTrustStore.Open(disk, folder.Fleet, enrolment.RootFingerprint, enrolment.Trust, clock)
            ?? throw new DamagedStateException($"{folder.Enrolment} holds nothing that the fleet has signed: enrol again with --force");
        var limits = new SpoolLimits
        {
            MaxBytes = options.Spool.MaxBytes,
            SegmentBytes = (int)Math.Min(options.Spool.SegmentBytes, options.Spool.MaxBytes / 4),
            MaxUnsynced = options.Spool.SyncRecords,
            MaxDiskShare = options.Spool.MaxDiskShare / 100.0,
            KeepFree = options.Spool.KeepFree,
            Evict = options.Spool.Evict == "oldest" ? EvictionOrder.Oldest : EvictionOrder.LowestPriority,
        };
        var journal = new CommandJournal(disk, folder.Journal);
        var executions = new ExecutionRecord(disk, folder.Executions);
        executions.CatchUp(journal.Newest(int.MaxValue));
        var updates = new UpdateStore(disk, folder.Updates);
        return new AgentState
        {
            Disk = disk,
            Folder = folder,
            Membership = new DeviceMembership(enrolment.DeviceId, enrolment.Name, enrolment.Groups, enrolment.BaseUrl, enrolment.RootFingerprint),
            Keys = keys,
            FleetTrust = fleet,
            Trust = trust,
            Clock = clock,
            Epochs = new EpochCounter(disk, folder.EpochNumber),
            Journal = journal,
            Executions = executions,
            Twin = new TwinStore(disk, folder.Twin, folder.TwinTold),
            Updates = updates,
            Shared = new SharedArtifacts(disk, updates.Shared, options.Updates.Share == "yes" ? options.Updates.ShareBytes : 0, options.Updates.KeepFree),
            Spool = SpoolStore.Open(disk, folder.Spool, limits, time),
            Run = new RunMark(disk, folder.Running, boot.BootId),
        };
    }

    public void Dispose()
    {
        Spool.Dispose();
        Journal.Dispose();
        Executions.Dispose();
    }
}
