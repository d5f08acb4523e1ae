using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Trust;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Messaging.FleetServer.Enrolment;

/// <summary>What a device asks before it has an account: whom to trust, and to be let in.</summary>
internal static class EnrolmentEndpoints
{
    private const string Cbor = "application/cbor";
    private const string Tag = "Enrolment";

    public static void MapEnrolment(this IEndpointRouteBuilder api)
    {
        api.MapPost("/enrol", EnrolAsync).WithTags(Tag)
            .WithSummary("A device's sealed EnrolRequest; the answer is a sealed EnrolResponse. Prefer: wait=25 waits for approval.")
            .Accepts<byte[]>(Cbor).Produces<byte[]>(200, Cbor);
        api.MapGet("/trust", GetTrust).WithTags(Tag).WithSummary("Whom devices are to trust: signed roots, roster and notice.").Produces<byte[]>(200, Cbor);
    }

    private static async Task<IResult> EnrolAsync(
        HttpContext context, IEnrolmentService enrolment, EnrolmentGate gate, CancellationToken cancellationToken)
    {
        using var lease = gate.Enter(context.Address());
        if (!lease.IsAcquired)
        {
            return Problems.TooManyAttempts(EnrolmentGate.RetryAfter(lease));
        }

        if (context.Request.ContentType != Cbor)
        {
            return new ApiProblem(415, "unsupported_media_type", "Send the request as application/cbor.");
        }

        if (await BodyAsync(context, cancellationToken) is not { } body)
        {
            return Problems.TooLarge;
        }

        context.Response.Headers.CacheControl = "no-store";
        var answer = await enrolment.EnrolAsync(body, Wait(context.Request.Headers["Prefer"].ToString()), cancellationToken);
        return answer.Response is { } response
            ? TypedResults.Bytes(response, Cbor)
            : new ApiProblem(400, "enrol_request_unreadable", "This is not an EnrolRequest sealed to this server's key; fetch /api/v1/trust anew.");
    }

    private static FileContentHttpResult GetTrust(ITrustService trust) => TypedResults.Bytes(trust.Current, Cbor);

    private static async Task<ReadOnlyMemory<byte>?> BodyAsync(HttpContext context, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > ApiServices.MaxRequestBytes)
            {
                return null;
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
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
