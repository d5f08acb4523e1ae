using Messaging.Commands;
using Messaging.FleetServer.Commands;
using CommandState = Messaging.FleetServer.Commands.CommandState;

namespace Messaging.FleetServer.Tests.Harness;

/// <summary>A server without commands to many devices.</summary>
internal sealed class NoCommandSets : ICommandSets
{
    private static readonly CommandSetCreation Refusal = new(null, new CommandProblem(422, "device_not_found", "There is no such device."));

    public Task<CommandSetCreation> CreateAsync(CommandSetRequest request, CancellationToken cancellationToken) => Task.FromResult(Refusal);

    public Task<CommandSetCreation> CreateSignedAsync(CommandOrder order, string createdBy, CancellationToken cancellationToken) => Task.FromResult(Refusal);

    public Task<CommandSetView?> GetAsync(string id, CancellationToken cancellationToken) => Task.FromResult<CommandSetView?>(null);

    public Task<IReadOnlyList<CommandSetView>> ListAsync(int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CommandSetView>>([]);

    public Task<IReadOnlyList<(int Index, CommandSetMemberView View)>?> MembersAsync(
        string id, IReadOnlyCollection<CommandState> states, int after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<(int Index, CommandSetMemberView View)>?>(null);

    public Task<int?> CancelAsync(string id, CancellationToken cancellationToken) => Task.FromResult<int?>(null);
}
