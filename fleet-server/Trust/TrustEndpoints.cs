using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Trust.Requests;
using Messaging.Trust;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Messaging.FleetServer.Trust;

/// <summary>Whom devices are to trust: read by anybody, changed by who has the keys.</summary>
internal static class TrustEndpoints
{
    private const string Tag = "Trust";

    public static void MapTrust(this IEndpointRouteBuilder api)
    {
        api.MapGet("/trust", Get).WithTags(Tag).WithSummary("Whom devices are to trust: signed roots, roster and notice.")
            .Produces<byte[]>(200, CborBody.MediaType);
        api.MapPost("/trust", TakeAsync).WithTags(Tag).WithSummary("New roots and a roster that the fleet's owners have signed; devices are brought them.")
            .Accepts<byte[]>(CborBody.MediaType).Produces<byte[]>(200, CborBody.MediaType)
            .WithMetadata(new RequestSizeLimitAttribute(TrustChange.MaxBytes));
    }

    private static FileContentHttpResult Get(ITrustService trust) => TypedResults.Bytes(trust.Current, CborBody.MediaType);

    private static async Task<IResult> TakeAsync(HttpContext context, ITrustService trust, KeyRequests requests, CancellationToken cancellationToken)
    {
        var (body, problem) = await CborBody.ReadAsync(context, TrustChange.MaxBytes, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (!TrustChange.TryRead(body.Span, out var change))
        {
            return Refused("trust_unreadable", "This is not a change of roots and roster.");
        }

        context.Audit().Details = $"root {change.Roster.Content.RootVersion}, roster {change.Roster.Content.Version}";
        var verdict = await trust.TakeAsync(change, cancellationToken);
        if (verdict == TrustVerdict.Applied)
        {
            // The change is made, whether or not somebody still waits for the answer.
            await requests.SettleAsync(CancellationToken.None);
        }

        return verdict switch
        {
            TrustVerdict.Applied => Get(trust),
            TrustVerdict.Known or TrustVerdict.Older => Refused(
                "trust_older", $"There is roster {trust.RosterVersion} under root {trust.RootVersion} already: fetch it, and begin with it."),
            TrustVerdict.UnknownRoot or TrustVerdict.RootNotSigned => Refused(
                "root_not_signed", "A root does not follow the one before: each must be one version higher and be signed by the root keys before it and by its own."),
            TrustVerdict.RosterNotSigned => Refused("roster_not_signed", "The roster is of another root, or not signed by as many owners' keys as its root asks for."),
            TrustVerdict.NoticeNotSigned => Refused("server_not_named", "The roster does not name this server, with the identity key that it has: no device would hear of it from here."),
            _ => Refused("trust_unreadable", "This is of another fleet."),
        };
    }

    private static ApiProblem Refused(string code, string detail) => new(422, code, detail);
}
