using System.Globalization;
using Messaging.Commands;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Microsoft.AspNetCore.Mvc;

namespace Messaging.FleetServer.Commands;

internal static class CommandSetEndpoints
{
    private const int MaxType = 64;
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const long MaxSeconds = 366L * 24 * 3600;

    /// <summary>An id with its quotes and comma.</summary>
    private const int MaxRequestBytes = (CommandOrder.MaxMembers * 36) + (128 * 1024);

    public static void MapCommandSets(this IEndpointRouteBuilder api)
    {
        api.MapPost("/commands/sets", CreateAsync).WithTags("Commands")
            .WithSummary("Sends a command to many devices, by one signature of the server.")
            .Produces<CommandSetView>(202).WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes));
        api.MapPost("/commands/sets/signed", CreateSignedAsync).WithTags("Commands")
            .WithSummary("The same with a command that somebody of the fleet's roster has signed, with the members of its set.")
            .Accepts<byte[]>(CborBody.MediaType).Produces<CommandSetView>(202).WithMetadata(new RequestSizeLimitAttribute(CommandOrder.MaxBytes));
        api.MapGet("/commands/sets", ListAsync).WithTags("Commands").WithSummary("Commands to many devices, newest first.")
            .Produces<ItemList<CommandSetView>>();
        api.MapGet("/commands/sets/{id}", GetAsync).WithTags("Commands").WithSummary("One of them, with how many devices are how far.")
            .Produces<CommandSetView>();
        api.MapGet("/commands/sets/{id}/devices", MembersAsync).WithTags("Commands")
            .WithSummary("How far its devices are; state narrows the list to one or more states, by commas.").Produces<ItemPage<CommandSetMemberView>>();
        api.MapDelete("/commands/sets/{id}", CancelAsync).WithTags("Commands").WithSummary("Takes it back for the devices that it was not sent to yet.")
            .Produces<CommandSetView>();
    }

    private static async Task<IResult> CreateAsync(
        NewCommandSetRequest body, HttpContext context, ICommandSets sets, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var type = validation.Text(body.Type, "type", MaxType);
        validation.Require(body.ExpiresIn is null or (>= 1 and <= MaxSeconds), "expiresIn", $"Must be 1 to {MaxSeconds} seconds.");
        validation.Require(body.All ^ (body.Devices is not null), "devices", "Name devices, or say all, and not both.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        context.Audit().Details = type;
        TimeSpan? expires = body.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        var request = new CommandSetRequest(body.All ? null : body.Devices, type, body.Args, expires, body.DryRun, context.Caller().Name);
        return Created(context, await sets.CreateAsync(request, cancellationToken));
    }

    private static async Task<IResult> CreateSignedAsync(HttpContext context, ICommandSets sets, CancellationToken cancellationToken)
    {
        var (body, problem) = await CborBody.ReadAsync(context, CommandOrder.MaxBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        return CommandOrder.TryDecode(body.Span, out var order)
            ? Created(context, await sets.CreateSignedAsync(order, context.Caller().Name, cancellationToken))
            : new ApiProblem(422, "command_unreadable", "This is not a signed command with the members of its set.");
    }

    private static IResult Created(HttpContext context, CommandSetCreation creation)
    {
        if (creation.Set is not { } set)
        {
            return CommandEndpoints.Problem(creation.Problem ?? throw new InvalidOperationException("Neither a command nor a reason."));
        }

        context.Audit().Target = $"commands/sets/{set.Id}";
        context.Audit().Details = $"{set.Type} for {set.Size} devices{(set.DryRun ? ", a dry run" : "")}";
        return TypedResults.Accepted($"/api/v1/commands/sets/{set.Id}", set);
    }

    private static async Task<IResult> ListAsync(string? limit, ICommandSets sets, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 50, max: 500);
        return validation.Failed ? validation.Problem : TypedResults.Ok(new ItemList<CommandSetView>(await sets.ListAsync(count, cancellationToken)));
    }

    private static async Task<IResult> GetAsync(string id, ICommandSets sets, CancellationToken cancellationToken) =>
        await sets.GetAsync(id, cancellationToken) is { } set ? TypedResults.Ok(set) : Problems.NotFound("command");

    private static async Task<IResult> MembersAsync(
        string id, string? state, string? limit, string? cursor, ICommandSets sets, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, DefaultLimit, MaxLimit);
        var states = new List<CommandState>();
        foreach (var word in (state ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var known = Enum.GetValues<CommandState>().Where(one => one.Word() == word).ToList();
            validation.Require(known.Count > 0, "state", $"Must be of {string.Join(", ", Enum.GetValues<CommandState>().Select(CommandStates.Word))}, by commas.");
            states.AddRange(known);
        }

        var after = -1;
        validation.Require(
            string.IsNullOrEmpty(cursor) || int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after),
            "cursor",
            "Must be the next of an earlier answer.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        if (await sets.MembersAsync(id, states, after, count + 1, cancellationToken) is not { } members)
        {
            return Problems.NotFound("command");
        }

        var next = members.Count > count ? members[count - 1].Index.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new ItemPage<CommandSetMemberView>([.. members.Take(count).Select(static member => member.View)], next));
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, ICommandSets sets, CancellationToken cancellationToken)
    {
        if (await sets.CancelAsync(id, cancellationToken) is not { } cancelled)
        {
            return Problems.NotFound("command");
        }

        context.Audit().Details = $"taken back for {cancelled} devices";
        return await GetAsync(id, sets, cancellationToken);
    }
}
