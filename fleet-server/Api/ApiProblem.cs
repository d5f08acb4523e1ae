using System.Globalization;
using Messaging.FleetServer.Access;
using Microsoft.AspNetCore.WebUtilities;

namespace Messaging.FleetServer.Api;

/// <summary>An error as the API answers it: problem details (RFC 9457) with a code that programs may rely on.</summary>
internal sealed record ApiProblem(int Status, string Code, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";

    /// <summary>What is wrong with each field of the request, by its JSON path ("args.unit").</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Features.Get<AuditScope>() is { } audit)
        {
            audit.Outcome = Code;
        }

        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var document = new ProblemDocument(ReasonPhrases.GetReasonPhrase(Status), Status, Detail, Code, Errors);
        await response.WriteAsJsonAsync(document, ApiJson.Default.ProblemDocument, ContentType, httpContext.RequestAborted);
    }
}
