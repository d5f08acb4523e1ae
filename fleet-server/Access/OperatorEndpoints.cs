using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Access;

/// <summary>Operators, managed by owners.</summary>
internal static class OperatorEndpoints
{
    public static void MapOperators(this IEndpointRouteBuilder api)
    {
        api.MapGet("/operators", ListAsync).WithTags("Access").WithSummary("All operators.").Produces<ItemList<OperatorView>>();
        api.MapPost("/operators", CreateAsync).WithTags("Access").WithSummary("Adds an operator.").Produces<OperatorView>(201);
        api.MapPatch("/operators/{id}", UpdateAsync).WithTags("Access").WithSummary("Changes role or state.").Produces<OperatorView>();
        api.MapDelete("/operators/{id}", DeleteAsync).WithTags("Access").WithSummary("Removes an operator.").Produces(204);
        api.MapPost("/operators/{id}/password", SetPasswordAsync).WithTags("Access")
            .WithSummary("Sets a password. Everybody may set the own one, with currentPassword; owners may set those of others.").Produces(204);
    }

    public static ApiProblem Problem(OperatorOutcome outcome) => outcome switch
    {
        OperatorOutcome.NotFound => Problems.NotFound("operator"),
        OperatorOutcome.NameTaken => new ApiProblem(409, "username_taken", "There is an operator of this name."),
        OperatorOutcome.LastOwner => new ApiProblem(409, "last_owner", "This is the last owner: make another one first."),
        OperatorOutcome.OwnerExists => new ApiProblem(409, "setup_done", "There is an owner already: sign in."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a problem."),
    };

    private static async Task<IResult> ListAsync(Operators operators, CancellationToken cancellationToken)
    {
        var accounts = await operators.ListAsync(cancellationToken);
        return TypedResults.Ok(new ItemList<OperatorView>([.. accounts.Select(OperatorView.Of)]));
    }

    private static async Task<IResult> CreateAsync(
        OperatorRequest body, HttpContext context, Operators operators, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var username = validation.Username(body.Username);
        var password = validation.NewPassword(body.Password, username);
        var role = validation.Role(body.Role);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var (outcome, account) = await operators.CreateAsync(username, password, role, onlyAsFirstOwner: false, cancellationToken);
        if (account is null)
        {
            return Problem(outcome);
        }

        context.Audit().Target = $"operators/{account.Id}";
        context.Audit().Details = $"{account.Username}, {account.Role.Word()}";
        return TypedResults.Created($"/api/v1/operators/{account.Id}", OperatorView.Of(account));
    }

    private static async Task<IResult> UpdateAsync(
        string id, OperatorChange body, HttpContext context, Operators operators, CancellationToken cancellationToken)
    {
        OperatorRole? role = null;
        if (body.Role is not null)
        {
            var validation = new ApiValidation();
            role = validation.Role(body.Role);
            if (validation.Failed)
            {
                return validation.Problem;
            }
        }

        context.Audit().Details = string.Join(", ", new[] { body.Role, body.Disabled switch { true => "disabled", false => "enabled", _ => null } }.OfType<string>());
        var (outcome, account) = await operators.UpdateAsync(id, role, body.Disabled, cancellationToken);
        return account is null ? Problem(outcome) : TypedResults.Ok(OperatorView.Of(account));
    }

    private static async Task<IResult> DeleteAsync(string id, Operators operators, CancellationToken cancellationToken)
    {
        var outcome = await operators.DeleteAsync(id, cancellationToken);
        return outcome == OperatorOutcome.Done ? TypedResults.NoContent() : Problem(outcome);
    }

    private static async Task<IResult> SetPasswordAsync(
        string id, PasswordRequest body, HttpContext context, Operators operators, SignIn signIn, CancellationToken cancellationToken)
    {
        var caller = context.Caller();
        var self = caller.Kind == CallerKind.Operator && caller.Id == id;
        if (!self && caller.Role != OperatorRole.Owner)
        {
            return Problems.Forbidden;
        }

        if (await operators.FindAsync(id, cancellationToken) is not { } account)
        {
            return Problem(OperatorOutcome.NotFound);
        }

        var validation = new ApiValidation();
        var password = validation.NewPassword(body.Password, account.Username);
        validation.Require(!self || body.CurrentPassword is { Length: > 0 }, "currentPassword", "Is needed to change the own password.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        if (self && await ProveAsync(account, body.CurrentPassword!, context, operators, signIn, cancellationToken) is { } problem)
        {
            return problem;
        }

        var outcome = await operators.SetPasswordAsync(id, password, self ? caller.SessionHash : null, cancellationToken);
        return outcome == OperatorOutcome.Done ? TypedResults.NoContent() : Problem(outcome);
    }

    /// <summary>
    /// Whoever finds a browser signed in, an owner's too, must not turn that into an account. Guesses count as failed attempts
    /// to sign in. Null when it is the operator.
    /// </summary>
    private static async Task<ApiProblem?> ProveAsync(
        Operator account, string password, HttpContext context, Operators operators, SignIn signIn, CancellationToken cancellationToken)
    {
        if (await signIn.HoldBackAsync(context, account.NormalizedUsername, cancellationToken) is { } problem)
        {
            return problem;
        }

        if (password.Length > AccessLimits.PasswordMaxLength || !await operators.HasPasswordAsync(account.Id, password, cancellationToken))
        {
            return new ApiProblem(403, "wrong_password", "The current password is wrong.");
        }

        signIn.Proved(context, account.NormalizedUsername);
        return null;
    }
}
