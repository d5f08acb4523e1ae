using Messaging.Wire;

namespace Messaging.Agent.Clock;

/// <summary>The time since this machine's boot, which needs no battery and cannot be set.</summary>
internal interface IBootClock
{
    BootId BootId { get; }

    /// <summary>Milliseconds since the boot, suspended time included.</summary>
    ulong UptimeMs { get; }

    /// <summary>How much of the uptime the machine was suspended, in milliseconds: what clocks that stand still then are behind.</summary>
    ulong SuspendedMs => 0;
}
