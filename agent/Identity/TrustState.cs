using Messaging.Agent.Clock;
using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>What must never go back.</summary>
/// <param name="Time">Lower bounds of the true time.</param>
/// <param name="DownEpochNo">The highest epoch number of control that was accepted; 0 for none.</param>
/// <param name="DownEpochId">Its id.</param>
internal sealed record TrustState(TrustedTime Time, ulong DownEpochNo, EpochId DownEpochId);
