using Messaging.Agent.Uplink;
using Messaging.Commands;

namespace Messaging.Agent.Commands.Handlers;

internal sealed class RotateKeysHandler(KeyRotator rotator, TimeProvider time) : ICommandHandler, IDryRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public string Type => CommandTypes.RotateKeys;

    public bool NeedsFreshness => false;

    public string? Check(ReadOnlyMemory<byte> arguments) => EmptyArguments.TryDecode(arguments.Span) ? null : "rotate-keys takes no arguments.";

    public Task<CommandResult> TryAsync(CommandContext context, CancellationToken ct) => Task.FromResult(CommandResult.Done(
        rotator.PendingKeyNo is { } pending ? $"A change of keys is on its way already (number {pending}): it would wait for that one."
            : "It would make a new identity key and a new encryption key; the old ones would work until the server confirms."));

    public async Task<CommandResult> RunAsync(CommandContext context, CancellationToken ct)
    {
        try
        {
            return await rotator.RotateAsync(withIdentity: true).WaitAsync(Patience, time, ct) is { } refusal
                ? CommandResult.Failed(refusal)
                : CommandResult.Done("The new keys are in use.");
        }
        catch (TimeoutException)
        {
            return CommandResult.Failed("The server has not confirmed the new keys yet; both the old and the new ones work until it does.");
        }
    }
}
