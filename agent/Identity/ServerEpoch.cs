using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>
/// The newest epoch of control that was accepted. Each server has numbers of its own: a thief who spends the highest one of a stolen key spends
/// it for nobody else.
/// </summary>
/// <param name="Server">The id of the server's identity key; empty in a file of before that was kept: it counts for any.</param>
/// <param name="Number">Its number; lower ones are refused.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct ServerEpoch(PrincipalId Server, ulong Number, EpochId Id);
