using Messaging.FleetServer.Api;
using Messaging.FleetServer.Audit;
using Messaging.FleetServer.Audit.Executions;

namespace Messaging.FleetServer.Access;

/// <summary>Holds every request against the table: who it is, whether the role suffices, and writes changes to the audit.</summary>
internal sealed partial class AccessMiddleware(
    RequestDelegate next, AccessTable table, Authenticator authenticator, IAuditLog audit, ILogger<AccessMiddleware> logger)
{
    public const string CsrfHeader = "X-CSRF-Token";

    public async Task InvokeAsync(HttpContext context)
    {
        // Nothing at all, or routing's own refusal of a method or a media type: it is no route and does no more than set the status.
        if (context.GetEndpoint() is not RouteEndpoint endpoint)
        {
            await next(context);
            return;
        }

        if (table.Find(endpoint, context.Request.Method) is not { } rule)
        {
            LogNotListed(logger, context.Request.Method, endpoint.DisplayName);
            await Problems.Forbidden.ExecuteAsync(context);
            return;
        }

        var caller = rule.Level == AccessLevel.Anonymous ? null : await authenticator.AuthenticateAsync(context);
        context.Features.Set(caller);
        if (rule.Action is not null)
        {
            WriteAuditBeforeAnswer(context, rule, caller);
        }

        if (Refuse(context, rule, caller) is { } problem)
        {
            await problem.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    private static ApiProblem? Refuse(HttpContext context, AccessRule rule, Caller? caller)
    {
        var method = context.Request.Method;
        var safe = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsConnect(method);
        if (!safe && !rule.AnyOrigin && SiteOrigin.IsForeign(context.Request))
        {
            return Problems.CrossSite;
        }

        if (rule.Level == AccessLevel.Anonymous)
        {
            return null;
        }

        if (caller is null)
        {
            return Problems.Unauthorized;
        }

        if (!safe && caller.CsrfToken is { } expected
            && !SecretText.FixedTimeEquals(expected, context.Request.Headers[CsrfHeader].ToString()))
        {
            return Problems.Csrf;
        }

        return (int)caller.Role < (int)rule.Level ? Problems.Forbidden : null;
    }

    /// <summary>The entry is durable before the answer begins: nobody sees a change succeed that the audit does not know.</summary>
    private void WriteAuditBeforeAnswer(HttpContext context, AccessRule rule, Caller? caller)
    {
        var scope = new AuditScope();
        context.Features.Set(scope);
        context.Response.OnStarting(async () =>
        {
            // Who is not known and was not let in changed nothing: strangers cannot fill the audit.
            if (scope.Skip || (scope.IsCommandWritten && rule.Action == CommandLedger.Action) || (rule.Level != AccessLevel.Anonymous && caller is null))
            {
                return;
            }

            var denied = context.Response.StatusCode == StatusCodes.Status403Forbidden;
            await audit.AppendAsync(
                new AuditRecord(rule.Action!, scope.Target ?? Target(context), denied ? AuditRecord.Denied : scope.Outcome, scope.Details)
                {
                    ActorKind = caller is null ? "anonymous" : caller.Kind == CallerKind.ApiToken ? "api-token" : "operator",
                    ActorId = caller?.Id ?? "",
                    Actor = caller?.Name ?? scope.Actor ?? "anonymous",
                    Address = context.Address(),
                },
                CancellationToken.None);
        });
    }

    /// <summary>"devices/0011/commands/2233" of a path below /api/v1.</summary>
    private static string Target(HttpContext context) =>
        context.Request.Path.Value is { } path && path.StartsWith("/api/v1/", StringComparison.Ordinal) ? path["/api/v1/".Length..] : "";
}
