using Messaging.Agent.Configuration;
using Messaging.Agent.Identity;
using Messaging.Agent.Spool;
using Messaging.Agent.Status;
using Messaging.Agent.Transport;
using Messaging.Agent.Trust;
using Messaging.Agent.Uplink;

namespace Messaging.Agent.Hosting;

/// <summary>Enrolment, connection and spool on the status screen.</summary>
internal sealed class CoreStatus(
    DeviceMembership membership,
    FleetTrustStore fleet,
    SpoolStore spool,
    UplinkWriter writer,
    UplinkSender sender,
    ConnectionState connection,
    SecurityLog security,
    AgentOptions options) : IStatusPart
{
    public void Contribute(StatusBuilder status)
    {
        status.Enrolment = new EnrolmentStatus(
            "enrolled",
            membership.DeviceId.ToString(),
            membership.Name,
            Convert.ToHexStringLower(membership.RootFingerprint),
            fleet.Current.Root.Version,
            fleet.Current.Roster.Version);
        connection.Contribute(status, writer.EpochNo, sender.LastAckAt);
        var counts = spool.Counts();
        status.Spool = new SpoolStatus(counts.Bytes, counts.MaxBytes, counts.UnackedRecords, counts.OldestUnackedAt, counts.EvictedRecords);
        AddProblems(status, counts);
    }

    private void AddProblems(StatusBuilder status, SpoolCounts counts)
    {
        if (counts.Failure is { } failure)
        {
            status.Problems.Add(new StatusProblem(
                "spool", $"The disk refuses writes: {failure}", $"Free space on, or repair, the disk of {options.Device.State}; it heals by itself.", counts.FailedSince));
        }

        if (counts.EvictedRecords > 0)
        {
            status.Problems.Add(new StatusProblem(
                "spool", $"{counts.EvictedRecords} records were dropped because the spool was full", "Repair the connection; or raise Spool:MaxBytes and Spool:MaxDiskShare, or make room on the disk.", null));
        }

        if (connection.IsConnected && sender.IsControlAway)
        {
            status.Problems.Add(new StatusProblem(
                "connection", "The relay answers, but the fleet server behind it does not", "Start the fleet server; data is kept meanwhile.", null));
        }

        foreach (var (reason, count) in security.Totals)
        {
            status.Problems.Add(new StatusProblem(
                "security", $"{count} times refused: {reason}", "Somebody may be tampering with what the relay passes on; nothing was changed by it.", null));
        }
    }
}
