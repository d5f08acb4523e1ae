using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Enrolment;

/// <summary>What a device asks before it has an account: to be let in.</summary>
internal static class EnrolmentEndpoints
{
    private const string Tag = "Enrolment";

    public static void MapEnrolment(this IEndpointRouteBuilder api)
    {
        api.MapPost("/enrol", EnrolAsync).WithTags(Tag)
            .WithSummary("A device's sealed EnrolRequest; the answer is a sealed EnrolResponse. Prefer: wait=25 waits for approval.")
            .Accepts<byte[]>(CborBody.MediaType).Produces<byte[]>(200, CborBody.MediaType);
    }

    private static async Task<IResult> EnrolAsync(
        HttpContext context, IEnrolmentService enrolment, EnrolmentGate gate, CancellationToken cancellationToken)
    {
        using var lease = gate.Enter(context.Address());
        if (!lease.IsAcquired)
        {
            return Problems.TooManyAttempts(EnrolmentGate.RetryAfter(lease));
        }

        var (body, problem) = await CborBody.ReadAsync(context, ApiServices.MaxRequestBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        context.Response.Headers.CacheControl = "no-store";
        var answer = await enrolment.EnrolAsync(body, Wait(context.Request.Headers["Prefer"].ToString()), cancellationToken);
        return answer.Response is { } response
            ? TypedResults.Bytes(response, CborBody.MediaType)
            : new ApiProblem(400, "enrol_request_unreadable", "This is not an EnrolRequest sealed to this server's key; fetch /api/v1/trust anew.");
    }

    /// <summary>RFC 7240, section 4.3.</summary>
    private static TimeSpan Wait(string prefer)
    {
        foreach (var part in prefer.Split([',', ';'], StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("wait=", StringComparison.OrdinalIgnoreCase) && int.TryParse(part.AsSpan(5), out var seconds) && seconds > 0)
            {
                return TimeSpan.FromSeconds(Math.Min(seconds, 3600));
            }
        }

        return TimeSpan.Zero;
    }
}
