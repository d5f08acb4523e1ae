using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>What must never go back.</summary>
/// <param name="TimeUnixMs">Lower bound of the true time.</param>
/// <param name="DownEpochNo">The highest epoch number of control that was accepted; 0 for none.</param>
/// <param name="DownEpochId">Its id.</param>
internal sealed record TrustState(long TimeUnixMs, ulong DownEpochNo, EpochId DownEpochId);
