using System.Text.Json;
using Messaging.FleetServer.Validation;

namespace Messaging.FleetServer.Api;

/// <summary>Turns everything that went wrong below it into problem details. Nothing of an exception reaches the caller.</summary>
internal sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Explain(e).ExecuteAsync(context);
            return;
        }
        catch (InvalidInputException e) when (!context.Response.HasStarted)
        {
            await Problems.Invalid(e.Field, e.Message).ExecuteAsync(context);
            return;
        }
#pragma warning disable CA1031 // The last line of defence: whatever it is, it is logged and answered.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(logger, e, context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            context.Response.Clear();
            await Problems.Internal.ExecuteAsync(context);
            return;
        }

        if (!context.Response.HasStarted && context.Response.ContentLength is null && context.Response.ContentType is null)
        {
            await (FromStatus(context.Response.StatusCode)?.ExecuteAsync(context) ?? Task.CompletedTask);
        }
    }

    /// <summary>Routing sets these statuses and leaves the body empty.</summary>
    private static ApiProblem? FromStatus(int status) => status switch
    {
        404 => Problems.NoSuchEndpoint,
        405 => Problems.MethodNotAllowed,
        413 => Problems.TooLarge,
        415 => Problems.UnsupportedMediaType,
        _ => null,
    };

    private static ApiProblem Explain(BadHttpRequestException e) => e switch
    {
        { StatusCode: 413 } => Problems.TooLarge,
        { StatusCode: 415 } => Problems.UnsupportedMediaType,
        { InnerException: JsonException json } => new ApiProblem(400, "invalid_json", "The body is not the JSON that is expected here.")
        {
            Errors = Field(json.Path) is { Length: > 0 } field
                ? new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = ["Is unknown, repeated or of the wrong type."] }
                : null,
        },
        _ => new ApiProblem(e.StatusCode, "bad_request", e.StatusCode == 400 ? "The body is missing, or the request is malformed." : e.Message),
    };

    /// <summary>"$.args.unit" names the field args.unit.</summary>
    private static string? Field(string? path) => path?.TrimStart('$').TrimStart('.');
}
