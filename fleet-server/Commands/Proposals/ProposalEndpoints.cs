using Messaging.Commands;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Microsoft.AspNetCore.Mvc;

namespace Messaging.FleetServer.Commands;

internal static class ProposalEndpoints
{
    public static void MapProposals(this IEndpointRouteBuilder api)
    {
        api.MapPost("/commands/proposals", CreateAsync).WithTags("Commands")
            .WithSummary("Proposes a command that several must sign, with the first signature.")
            .Accepts<byte[]>(CborBody.MediaType).Produces<ProposalView>(202).WithMetadata(new RequestSizeLimitAttribute(CommandOrder.MaxBytes));
        api.MapPost("/commands/proposals/{id}/signatures", SignAsync).WithTags("Commands")
            .WithSummary("Adds a signature; the last one that is needed sends the command.")
            .Accepts<byte[]>(CborBody.MediaType).Produces<ProposalView>().WithMetadata(new RequestSizeLimitAttribute(CommandDelivery.MaxCommandBytes));
        api.MapGet("/commands/proposals", ListAsync).WithTags("Commands").WithSummary("Proposals, newest first.").Produces<ItemList<ProposalView>>();
        api.MapGet("/commands/proposals/{id}", GetAsync).WithTags("Commands").WithSummary("One proposal.").Produces<ProposalView>();
        api.MapGet("/commands/proposals/{id}/order", OrderAsync).WithTags("Commands")
            .WithSummary("What is to be signed, byte by byte: the command with its signatures and the members of its set.")
            .Produces<byte[]>(200, CborBody.MediaType);
        api.MapDelete("/commands/proposals/{id}", WithdrawAsync).WithTags("Commands")
            .WithSummary("Takes back a proposal that waits for signatures; for who made it, and owners.").Produces<ProposalView>();
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ICommandProposals proposals, CancellationToken cancellationToken)
    {
        var (body, problem) = await CborBody.ReadAsync(context, CommandOrder.MaxBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return CommandOrder.TryDecode(body.Span, out var order)
            ? Answer(context, await proposals.CreateAsync(order, context.Caller().Name, cancellationToken), 202)
            : new ApiProblem(422, "command_unreadable", "This is not a signed command with the members of its set.");
    }

    private static async Task<IResult> SignAsync(string id, HttpContext context, ICommandProposals proposals, CancellationToken cancellationToken)
    {
        var (body, problem) = await CborBody.ReadAsync(context, CommandDelivery.MaxCommandBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return Command.TryParse(body.Span, out var command)
            ? Answer(context, await proposals.SignAsync(id, command, cancellationToken), 200)
            : new ApiProblem(422, "command_unreadable", "This is not a signed command.");
    }

    private static async Task<IResult> ListAsync(string? limit, ICommandProposals proposals, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 50, max: 200);
        return validation.Failed ? validation.Problem : TypedResults.Ok(new ItemList<ProposalView>(await proposals.ListAsync(count, cancellationToken)));
    }

    private static async Task<IResult> GetAsync(string id, ICommandProposals proposals, CancellationToken cancellationToken) =>
        await proposals.GetAsync(id, cancellationToken) is { } proposal ? TypedResults.Ok(proposal) : Problems.NotFound("proposal");

    private static async Task<IResult> OrderAsync(string id, ICommandProposals proposals, CancellationToken cancellationToken) =>
        await proposals.OrderAsync(id, cancellationToken) is { } order ? TypedResults.Bytes(order, CborBody.MediaType) : Problems.NotFound("proposal");

    private static async Task<IResult> WithdrawAsync(string id, HttpContext context, ICommandProposals proposals, CancellationToken cancellationToken)
    {
        if (await proposals.GetAsync(id, cancellationToken) is not { } proposal)
        {
            return Problems.NotFound("proposal");
        }

        var caller = context.Caller();
        return caller.Role == OperatorRole.Owner || string.Equals(proposal.CreatedBy, caller.Name, StringComparison.Ordinal)
            ? Answer(context, await proposals.WithdrawAsync(id, cancellationToken), 200)
            : new ApiProblem(403, "not_yours", "Who made a proposal takes it back, or an owner.");
    }

    private static IResult Answer(HttpContext context, ProposalOutcome outcome, int status)
    {
        if (outcome.Proposal is not { } proposal)
        {
            return CommandEndpoints.Problem(outcome.Problem ?? throw new InvalidOperationException("Neither a proposal nor a reason."));
        }

        context.Audit().Target = $"commands/proposals/{proposal.Id}";
        context.Audit().Details = $"{proposal.Type} for {proposal.Size} device{(proposal.Size == 1 ? "" : "s")}, {proposal.Signers.Count} of {proposal.Needed} signatures, {proposal.State}";
        return status == 202 ? TypedResults.Accepted($"/api/v1/commands/proposals/{proposal.Id}", proposal) : TypedResults.Ok(proposal);
    }
}
