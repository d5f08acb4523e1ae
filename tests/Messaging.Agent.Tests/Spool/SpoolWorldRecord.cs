using Messaging.Agent.Spool;

namespace Messaging.Agent.Tests.Spool;

/// <summary>What happened to a record, and when.</summary>
internal sealed class SpoolWorldRecord(byte[] frame, int line, int appendedAt)
{
    public byte[] Frame => frame;

    /// <summary>The line of the followed file that it carries; -1 for none.</summary>
    public int Line => line;

    public int AppendedAt => appendedAt;

    /// <summary>It is synced.</summary>
    public int PromisedAt { get; set; } = int.MaxValue;

    /// <summary>The disk refused it.</summary>
    public int RefusedAt { get; set; } = int.MaxValue;

    /// <summary>Giving it up began.</summary>
    public int LostAt { get; set; } = int.MaxValue;

    /// <summary>The server has it.</summary>
    public int DeliveredAt { get; set; } = int.MaxValue;

    /// <summary>The spool was told so.</summary>
    public int AckedAt { get; set; } = int.MaxValue;

    /// <summary>The server knows that it will not come, and the spool was told so.</summary>
    public int SettledAt { get; set; } = int.MaxValue;

    /// <summary>Why it was given up.</summary>
    public HashSet<GapReason> Reasons { get; } = [];
}
