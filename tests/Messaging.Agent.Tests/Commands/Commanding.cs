using Messaging.Commands;
using Messaging.Crypto;
using Messaging.Wire;

namespace Messaging.Agent.Tests.Commands;

/// <summary>Makes signed commands.</summary>
internal sealed class Commanding
{
    private ulong _seq;

    public IdentityKey Key { get; } = IdentityKey.Generate();

    public PrincipalId Issuer => PrincipalId.FromIdentityKey(Key.Public);

    public PrincipalId Device { get; init; }

    public Command Make(string type = CommandTypes.Ping, bool idempotent = true, Func<CommandContent, CommandContent>? change = null)
    {
        var content = new CommandContent(
            CommandId.Generate(), Issuer, ++_seq, new CommandTarget(CommandTargetKind.Device, Device, 1), 1_800_000_000_000, 1_800_000_600_000, null, idempotent,
            type, EmptyArguments.Encode());
        return Command.Sign(Key, change?.Invoke(content) ?? content);
    }
}
