using Messaging.Updates.Releases;
using Messaging.Wire;

namespace Messaging.Agent.Updates.State;

/// <summary>
/// The update that is under way, as it is on disk. It is read by the version that comes after a switch, and by the one before when that is switched
/// back: what a later version adds stands behind what is there, and is passed over by an earlier one.
/// </summary>
internal sealed class UpdateRecord
{
    /// <summary>The command that assigned it.</summary>
    public required CommandId Id { get; init; }

    /// <summary>What was assigned.</summary>
    public required UpdateArguments Assignment { get; init; }

    /// <summary>Where it is.</summary>
    public UpdateState State { get; set; }

    /// <summary>The number of the last report.</summary>
    public ulong ReportNo { get; set; }

    /// <summary>For how long the agent has run since it was taken, in milliseconds, when this was written.</summary>
    public long SpentMs { get; set; }

    /// <summary>How long it waits before it begins, in milliseconds of the same.</summary>
    public long DelayMs { get; init; }

    /// <summary>When it was taken, by a time that the fleet has signed for that boot, in Unix milliseconds; null: there was none.</summary>
    public long? TakenUnixMs { get; init; }

    /// <summary>What the repository says of the target; empty before that is known.</summary>
    public ReadOnlyMemory<byte> Custom { get; set; }

    /// <summary>The version that was there before; empty when none is known.</summary>
    public string Before { get; set; } = "";

    /// <summary>Deltas have not worked: the whole is fetched.</summary>
    public bool WithoutDelta { get; set; }

    /// <summary>SHA-256 of the target that is fetched, in hexadecimal digits; empty before one was chosen.</summary>
    public string Fetching { get; set; } = "";

    /// <summary>What of it neighbours have brought.</summary>
    public LentBytes Lent { get; } = new();

    /// <summary>From whom bytes have come; a power cut may take back what was counted last.</summary>
    public FetchedBytes Fetched { get; set; } = FetchedBytes.None;

    /// <summary>How often the agent has started since it was switched.</summary>
    public int Starts { get; set; }

    /// <summary>Why it has ended, or is switched back.</summary>
    public string Reason { get; set; } = "";

    /// <summary>The same for people.</summary>
    public string Detail { get; set; } = "";

    /// <summary>What the repository says of the target.</summary>
    /// <exception cref="Messaging.Updates.TufException">It is no release.</exception>
    public Release? Release => Custom.IsEmpty ? null : Release.Read(Assignment.Target, Custom.Span);
}
