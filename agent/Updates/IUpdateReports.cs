using Messaging.Agent.Updates.State;
using Messaging.Updates.Releases;

namespace Messaging.Agent.Updates;

/// <summary>Who is told how far an update is.</summary>
internal interface IUpdateReports
{
    /// <summary>How far it is. One that the disk refuses is overtaken by the next.</summary>
    void Tell(UpdateRecord record, TimeSpan? deadline, string detail, long done = 0, long total = 0);

    /// <summary>What became of it. Returns when that is durable; the spool keeps it until the server has it.</summary>
    Task SignAsync(UpdateRecord record, Release? release, CancellationToken ct);
}
