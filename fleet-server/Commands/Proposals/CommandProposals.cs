using Messaging.Commands;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Events;
using Messaging.FleetServer.Trust;
using Messaging.Trust;

namespace Messaging.FleetServer.Commands;

/// <inheritdoc cref="ICommandProposals"/>
internal sealed class CommandProposals(
    ProposalStore store, ITrustService trust, ICommandService commands, ICommandSets sets, IFleetEvents events, TimeProvider time) : ICommandProposals, IDisposable
{
    private const int MaxOpen = 100;
    private readonly SemaphoreSlim _gate = new(1, 1);

    public Task<ProposalOutcome> CreateAsync(CommandOrder order, string createdBy, CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            var now = Now();
            if (Check(order.Command) is { } problem || (problem = CommandSigner.CheckTerms(order.Command.Content, now)) is not null)
            {
                return new ProposalOutcome(null, problem);
            }

            var id = order.Command.Content.Id.ToString();
            if (await store.FindAsync(id, cancellationToken) is { } known)
            {
                return known.Order.AsSpan().SequenceEqual(order.Encode())
                    ? new ProposalOutcome(View(known), null)
                    : Refuse(409, "command_id_used", "There is another proposal of this id.");
            }

            if (await store.CountOpenAsync(now, cancellationToken) >= MaxOpen)
            {
                return Refuse(409, "too_many_proposals", $"{MaxOpen} proposals wait for signatures; withdraw some.");
            }

            var proposal = new ProposalEntity
            {
                Id = id,
                Type = order.Command.Content.Type,
                CreatedAt = now,
                CreatedBy = createdBy,
                ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(order.Command.Content.ExpiresAtUnixMs),
                Order = order.Encode(),
            };
            await store.InsertAsync(proposal, cancellationToken);
            return await SendIfSignedAsync(proposal, order, cancellationToken);
        },
        cancellationToken);

    public Task<ProposalOutcome> SignAsync(string id, Command signed, CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            if (await store.FindAsync(id, cancellationToken) is not { } proposal)
            {
                return Refuse(404, "proposal_not_found", "There is no such proposal.");
            }

            if (StateOf(proposal) != "open")
            {
                return Refuse(409, "proposal_ended", $"The proposal is {StateOf(proposal)}: it takes no signature any more.");
            }

            var order = Read(proposal);
            if (order.Command.Merge(signed) is not { } merged)
            {
                return Refuse(422, "another_command", "What was signed is not this command, or it has all the signatures that it may have.");
            }

            if (Check(merged) is { } problem)
            {
                return new ProposalOutcome(null, problem);
            }

            order = CommandOrder.Of(merged, order.Set);
            proposal.Order = order.Encode();
            await store.UpdateAsync(proposal, cancellationToken);
            return await SendIfSignedAsync(proposal, order, cancellationToken);
        },
        cancellationToken);

    public async Task<IReadOnlyList<ProposalView>> ListAsync(int limit, CancellationToken cancellationToken) =>
        [.. (await store.ListAsync(limit, cancellationToken)).Select(View)];

    public async Task<ProposalView?> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } proposal ? View(proposal) : null;

    public async Task<byte[]?> OrderAsync(string id, CancellationToken cancellationToken) => (await store.FindAsync(id, cancellationToken))?.Order;

    public Task<ProposalOutcome> WithdrawAsync(string id, CancellationToken cancellationToken) => AloneAsync(
        async () =>
        {
            if (await store.FindAsync(id, cancellationToken) is not { } proposal)
            {
                return Refuse(404, "proposal_not_found", "There is no such proposal.");
            }

            return StateOf(proposal) == "open"
                ? await EndAsync(proposal, ProposalState.Withdrawn, cancellationToken)
                : Refuse(409, "proposal_ended", $"The proposal is {StateOf(proposal)}: it cannot be taken back.");
        },
        cancellationToken);

    public void Dispose() => _gate.Dispose();

    private static ProposalOutcome Refuse(int status, string code, string detail) => new(null, new CommandProblem(status, code, detail));

    private static CommandOrder Read(ProposalEntity proposal) => CommandOrder.TryDecode(proposal.Order, out var order)
        ? order
        : throw new InvalidDataException($"The stored proposal {proposal.Id} cannot be read.");

    private async Task<ProposalOutcome> AloneAsync(Func<Task<ProposalOutcome>> action, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return await action();
        }
        finally
        {
            _gate.Release();
        }
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Everybody who signed must be somebody whom devices would count.</summary>
    private CommandProblem? Check(Command command)
    {
        var roster = trust.Trust.Roster;
        if (command.Signatures == 0 || CommandSigners.Find(command, roster, out var signers) != CommandSignature.Right)
        {
            return new CommandProblem(422, "command_not_signed", "It is not signed, in the form for several, by its issuer and by nobody but those whom the fleet's roster names.");
        }

        if (signers.Any(signer => signer.NotAfterUnixMs < Now().ToUnixTimeMilliseconds()))
        {
            return new CommandProblem(422, "signer_expired", "The key of one who signed has expired; an owner can renew it.");
        }

        return roster.Policy.Judge(command.Content.Type, signers, null) == Permission.RoleMissing
            ? new CommandProblem(422, "not_permitted", $"The fleet's policy does not let one of those who signed have {command.Content.Type} run.")
            : null;
    }

    private async Task<ProposalOutcome> SendIfSignedAsync(ProposalEntity proposal, CommandOrder order, CancellationToken cancellationToken)
    {
        CommandSigners.Find(order.Command, trust.Trust.Roster, out var signers);
        if (trust.Trust.Roster.Policy.Judge(proposal.Type, signers, null) == Permission.SignaturesMissing)
        {
            events.Publish(new ProposalChanged(proposal.Id));
            return new ProposalOutcome(View(proposal), null);
        }

        var content = order.Command.Content;
        var problem = order.Set is null
            ? (await commands.CreateSignedAsync(content.Target.Id.ToString(), order.Command.Bytes, proposal.CreatedBy, cancellationToken)).Problem
            : (await sets.CreateSignedAsync(order, proposal.CreatedBy, cancellationToken)).Problem;

        // A crash before it was noted that it is sent: it was sent with fewer signatures, which were enough.
        return problem is null or { Code: "command_id_used" }
            ? await EndAsync(proposal, ProposalState.Sent, cancellationToken)
            : new ProposalOutcome(null, problem);
    }

    private async Task<ProposalOutcome> EndAsync(ProposalEntity proposal, ProposalState state, CancellationToken cancellationToken)
    {
        proposal.State = state;
        await store.UpdateAsync(proposal, cancellationToken);
        events.Publish(new ProposalChanged(proposal.Id));
        return new ProposalOutcome(View(proposal), null);
    }

    private string StateOf(ProposalEntity proposal) => proposal.State switch
    {
        ProposalState.Sent => "sent",
        ProposalState.Withdrawn => "withdrawn",
        _ => proposal.ExpiresAt <= time.GetUtcNow() ? "expired" : "open",
    };

    private ProposalView View(ProposalEntity proposal)
    {
        var order = Read(proposal);
        var content = order.Command.Content;
        CommandSigners.Find(order.Command, trust.Trust.Roster, out var signers);
        return new ProposalView(
            proposal.Id,
            StateOf(proposal),
            proposal.Type,
            new RawJson(ArgumentsJson.Of(content.Type, content.Arguments.Span)),
            content.DryRun,
            order.Set is null ? content.Target.Id.ToString() : null,
            order.Set?.Members.Count ?? 1,
            content.IssuerId.ToString(),
            [.. signers.Select(static signer => signer.Id.ToString())],
            trust.Trust.Roster.Policy.RuleFor(proposal.Type).Signatures,
            proposal.CreatedAt,
            proposal.CreatedBy,
            proposal.ExpiresAt);
    }
}
