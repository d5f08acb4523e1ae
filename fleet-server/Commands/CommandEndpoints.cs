using Messaging.Commands;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Commands.Output;
using Messaging.FleetServer.Devices;
using Microsoft.AspNetCore.Mvc;

namespace Messaging.FleetServer.Commands;

internal static class CommandEndpoints
{
    private const int MaxType = 64;
    private const int MaxOutputBytes = 256 * 1024;
    private const long MaxSeconds = 366L * 24 * 3600;

    /// <summary>The arguments, and what is around them.</summary>
    private const int MaxSignedBytes = CommandDelivery.MaxCommandBytes;

    public static void MapCommands(this IEndpointRouteBuilder api)
    {
        api.MapGet("/command-types", static () => TypedResults.Ok(new ItemList<CommandTypeView>(CommandTypeView.All))).WithTags("Commands")
            .WithSummary("The types of commands, with JSON Schemas of their arguments.").Produces<ItemList<CommandTypeView>>();
        api.MapPost("/devices/{id}/commands", CreateAsync).WithTags("Commands")
            .WithSummary("Sends a command, or keeps it until the device can be reached or it expires.").Produces<CommandView>(202);
        api.MapPost("/devices/{id}/commands/signed", CreateSignedAsync).WithTags("Commands")
            .WithSummary("The same with a command that somebody of the fleet's roster has signed: it goes to the device as it is.")
            .Accepts<byte[]>(CborBody.MediaType).Produces<CommandView>(202).WithMetadata(new RequestSizeLimitAttribute(MaxSignedBytes));
        api.MapGet("/devices/{id}/commands", ListAsync).WithTags("Commands").WithSummary("The device's commands, newest first.")
            .Produces<ItemList<CommandView>>();
        api.MapGet("/devices/{id}/commands/{commandId}", GetAsync).WithTags("Commands").WithSummary("One command with its progress and result.")
            .Produces<CommandView>();
        api.MapGet("/devices/{id}/commands/{commandId}/output", OutputAsync).WithTags("Commands")
            .WithSummary("What the command writes, from a place on: while it runs, and afterwards.").Produces<OutputView>();
        api.MapDelete("/devices/{id}/commands/{commandId}", CancelAsync).WithTags("Commands").WithSummary("Takes back a command that still waits.")
            .Produces<CommandView>();
    }

    private static async Task<IResult> CreateAsync(
        string id, NewCommandRequest body, HttpContext context, ICommandService commands, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var type = validation.Text(body.Type, "type", MaxType);
        validation.Require(body.ExpiresIn is null or (>= 1 and <= MaxSeconds), "expiresIn", $"Must be 1 to {MaxSeconds} seconds.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        context.Audit().Details = type;
        TimeSpan? expires = body.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var request = new CommandRequest(id, type, body.Args, expires, context.Caller().Name, body.DryRun);
        return Created(id, context, await commands.CreateAsync(request, cancellationToken));
    }

    private static async Task<IResult> CreateSignedAsync(string id, HttpContext context, ICommandService commands, CancellationToken cancellationToken)
    {
        var (body, problem) = await CborBody.ReadAsync(context, MaxSignedBytes, cancellationToken);
        return problem is null
            ? Created(id, context, await commands.CreateSignedAsync(id, body, context.Caller().Name, cancellationToken))
            : problem;
    }

    private static IResult Created(string id, HttpContext context, CommandCreation creation)
    {
        if (creation.Command is not { } command)
        {
            return Problem(creation.Problem ?? throw new InvalidOperationException("Neither a command nor a reason."));
        }

        context.Audit().Target = $"devices/{id}/commands/{command.Id}";
        context.Audit().Details = command.Type;
        return TypedResults.Accepted($"/api/v1/devices/{id}/commands/{command.Id}", CommandView.Of(command));
    }

    private static async Task<IResult> ListAsync(
        string id, string? limit, IDeviceRegistry registry, ICommandService commands, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 50, max: 500);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        if (registry.Find(id) is null)
        {
            return Problems.DeviceNotFound;
        }

        var list = await commands.ListAsync(id, count, cancellationToken);
        return TypedResults.Ok(new ItemList<CommandView>([.. list.Select(CommandView.Of)]));
    }

    private static async Task<IResult> GetAsync(string id, string commandId, ICommandService commands, CancellationToken cancellationToken) =>
        await commands.GetAsync(id, commandId, cancellationToken) is { } command
            ? TypedResults.Ok(CommandView.Of(command))
            : Problems.NotFound("command");

    private static async Task<IResult> OutputAsync(
        string id, string commandId, string? from, string? limit, OutputReader output, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var start = validation.Number(from, "from") ?? 0;
        validation.Require(start <= CommandOutput.MaxTotalBytes, "from", $"Must be 0 to {CommandOutput.MaxTotalBytes}.");
        var bytes = validation.Limit(limit, defaultValue: MaxOutputBytes, max: MaxOutputBytes);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        return await output.ReadAsync(id, commandId, (int)start, bytes, cancellationToken) is { } view ? TypedResults.Ok(view) : Problems.NotFound("command");
    }

    private static async Task<IResult> CancelAsync(string id, string commandId, ICommandService commands, CancellationToken cancellationToken) =>
        await commands.CancelAsync(id, commandId, cancellationToken) switch
        {
            CommandCancellation.Cancelled => await GetAsync(id, commandId, commands, cancellationToken),
            CommandCancellation.TooLate => new ApiProblem(409, "too_late", "The command was sent or has ended: it cannot be taken back. A command cancel, with its id, stops one that runs."),
            _ => Problems.NotFound("command"),
        };

    public static ApiProblem Problem(CommandProblem problem) => new(problem.Status, problem.Code, problem.Detail)
    {
        Errors = problem.Field is { } field ? new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [problem.Detail] } : null,
    };
}
