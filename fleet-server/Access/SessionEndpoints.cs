using Messaging.FleetServer.Api;
using Messaging.FleetServer.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Messaging.FleetServer.Access;

/// <summary>Set-up of the first owner, signing in and out.</summary>
internal static class SessionEndpoints
{
    private const string SetupAccount = "\0setup";

    public static void MapSession(this IEndpointRouteBuilder api)
    {
        api.MapGet("/setup", IsSetupRequiredAsync).WithTags("Access").WithSummary("Whether the first owner is still to be made.")
            .Produces<SetupView>();
        api.MapPost("/setup", SetUpAsync).WithTags("Access").WithSummary("Makes the first owner, once, and signs in.")
            .Produces<SessionView>();
        api.MapPost("/session", SignInAsync).WithTags("Access").WithSummary("Signs in: sets the session cookie, returns the CSRF token.")
            .Produces<SessionView>();
        api.MapGet("/session", GetSession).WithTags("Access").WithSummary("Who the caller is.").Produces<SessionView>();
        api.MapDelete("/session", SignOutAsync).WithTags("Access").WithSummary("Signs out.").Produces(204);
    }

    private static async Task<IResult> IsSetupRequiredAsync(Operators operators, CancellationToken cancellationToken) =>
        TypedResults.Ok(new SetupView(!await operators.AnyOwnerAsync(cancellationToken)));

    private static async Task<IResult> SetUpAsync(
        SetupRequest body, HttpContext context, Operators operators, SetupLink link, SignIn signIn, CancellationToken cancellationToken)
    {
        if (await signIn.HoldBackAsync(context, SetupAccount, cancellationToken) is { } problem)
        {
            return problem;
        }

        if (body.SetupToken is not { Length: > 0 and < 200 } || !link.Accepts(body.SetupToken))
        {
            return new ApiProblem(
                403, "setup_token", "This set-up link is not valid (any more). The server prints a new one when it starts and has no owner.");
        }

        var validation = new ApiValidation();
        var username = validation.Username(body.Username);
        var password = validation.NewPassword(body.Password, username);
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var (outcome, account) = await operators.CreateAsync(
            username, password, OperatorRole.Owner, onlyAsFirstOwner: true, cancellationToken);
        if (account is null)
        {
            return OperatorEndpoints.Problem(outcome);
        }

        link.Close();
        return await signIn.CompleteAsync(context, account, SetupAccount, cancellationToken);
    }

    private static async Task<IResult> SignInAsync(
        SignInRequest body, HttpContext context, Operators operators, SignIn signIn, CancellationToken cancellationToken)
    {
        if (body.Username is not { Length: > 0 and <= AccessLimits.UsernameLength }
            || body.Password is not { Length: > 0 and <= AccessLimits.PasswordMaxLength })
        {
            context.Audit().Skip = true;
            return Wrong;
        }

        context.Audit().Target = $"operators/{body.Username}";
        var name = Operators.Normalize(body.Username);
        if (await signIn.HoldBackAsync(context, name, cancellationToken) is { } problem)
        {
            return problem;
        }

        return await operators.VerifyAsync(body.Username, body.Password, cancellationToken) is { } account
            ? await signIn.CompleteAsync(context, account, name, cancellationToken)
            : Wrong;
    }

    private static Ok<SessionView> GetSession(HttpContext context)
    {
        var caller = context.Caller();
        return TypedResults.Ok(new SessionView(new UserView(caller.Id, caller.Name, caller.Role.Word()), caller.CsrfToken));
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext context, Sessions sessions, FleetServerOptions options, CancellationToken cancellationToken)
    {
        if (context.Caller().SessionHash is { } hash)
        {
            await sessions.EndAsync(hash, cancellationToken);
            context.Response.Cookies.Delete(Authenticator.CookieName, SignIn.Cookie(context, options));
        }

        return TypedResults.NoContent();
    }

    /// <summary>The same answer whatever is wrong: it does not tell which names exist.</summary>
    private static ApiProblem Wrong { get; } = new(401, "wrong_credentials", "The user name or the password is wrong.");
}
