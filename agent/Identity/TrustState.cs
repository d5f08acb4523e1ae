using Messaging.Agent.Clock;

namespace Messaging.Agent.Identity;

/// <summary>What must never go back.</summary>
/// <param name="Time">Lower bounds of the true time.</param>
/// <param name="DownEpochs">The newest epoch of each server that this device has heard.</param>
internal sealed record TrustState(TrustedTime Time, IReadOnlyList<ServerEpoch> DownEpochs);
