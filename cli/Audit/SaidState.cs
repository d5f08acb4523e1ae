using Messaging.Wire;

namespace Messaging.Cli.Audit;

/// <summary>What the server says of a command and a device.</summary>
/// <param name="Device">The device.</param>
/// <param name="State">One of the words of <see cref="Server.CommandReply.State"/>.</param>
internal readonly record struct SaidState(PrincipalId Device, string State);
