using Messaging.Wire;

namespace Messaging.Agent.Commands;

/// <param name="Id">Which command.</param>
/// <param name="Arguments">Checked before.</param>
/// <param name="Progress">Reports output so far and whether some was cut.</param>
internal sealed record CommandContext(CommandId Id, ReadOnlyMemory<byte> Arguments, Action<ReadOnlyMemory<byte>, bool> Progress);
