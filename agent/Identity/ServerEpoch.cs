using Messaging.Wire;

namespace Messaging.Agent.Identity;

/// <summary>
/// The newest epoch of control that was accepted. Each server has numbers of its own: a thief who spends the highest one of a stolen key spends
/// it for nobody else.
/// </summary>
/// <param name="server">The id of the server's identity key; empty in a file of before that was kept: it counts for any.</param>
/// <param name="number">Its number; lower ones are refused.</param>
/// <param name="id">Its id.</param>
internal sealed class ServerEpoch(PrincipalId server, ulong number, EpochId id)
{
    public PrincipalId Server { get; } = server;

    public ulong Number { get; } = number;

    public EpochId Id { get; } = id;
}
