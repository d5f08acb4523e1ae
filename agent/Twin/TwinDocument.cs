using Messaging.Twin;
using Messaging.Wire;

namespace Messaging.Agent.Twin;

/// <param name="CommandId">The command that brought it.</param>
/// <param name="State">What is wanted.</param>
internal sealed record TwinDocument(CommandId CommandId, DesiredState State);
