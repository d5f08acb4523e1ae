using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.Rosters;
using Messaging.Wire;

namespace Messaging.FleetServer.Trust.Requests;

/// <summary>Keys that ask for a place in the roster. Owners decide, by signing a roster.</summary>
internal static class KeyRequestEndpoints
{
    private const string Tag = "Trust";

    public static void MapKeyRequests(this IEndpointRouteBuilder api)
    {
        api.MapGet("/trust/requests", ListAsync).WithTags(Tag)
            .WithSummary("Keys that ask for a place in the roster, and whose those are that have one: the own ones, all of them for owners.")
            .Produces<ItemList<KeyRequestView>>();
        api.MapPost("/trust/requests", CreateAsync).WithTags(Tag).WithSummary("Asks the fleet's owners to put a key into the roster.")
            .Produces<KeyRequestView>(201);
        api.MapDelete("/trust/requests/{id}", DeleteAsync).WithTags(Tag).WithSummary("Takes a request back, or refuses it.").Produces(204);
    }

    private static async Task<IResult> ListAsync(HttpContext context, KeyRequests requests, CancellationToken cancellationToken)
    {
        var items = await requests.ListAsync(context.Caller(), cancellationToken);
        return TypedResults.Ok(new ItemList<KeyRequestView>([.. items.Select(KeyRequestView.Of)]));
    }

    private static async Task<IResult> CreateAsync(
        NewKeyRequest body, HttpContext context, KeyRequests requests, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        validation.Require(TryReadKey(body.Key, out var key), "key", "Must be a P-256 point, uncompressed, 65 bytes in base64url without padding.");
        validation.Require(body.Role is Roles.Operator or Roles.Owner, "role", "Must be operator or owner.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        context.Audit().Details = $"{key}, {body.Role}";
        var (outcome, request) = await requests.AddAsync(context.Caller(), key!, body.Role!, cancellationToken);
        if (request is null)
        {
            return Problem(outcome);
        }

        context.Audit().Target = $"trust/requests/{request.Id}";
        return TypedResults.Created($"/api/v1/trust/requests/{request.Id}", KeyRequestView.Of(request));
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, KeyRequests requests, CancellationToken cancellationToken) =>
        await requests.DeleteAsync(context.Caller(), id, cancellationToken) ? TypedResults.NoContent() : Problems.NotFound("key request");

    private static ApiProblem Problem(KeyRequestOutcome outcome) => outcome switch
    {
        KeyRequestOutcome.KeyTaken => new ApiProblem(409, "key_requested", "Another account has asked with this key. Make one of your own."),
        KeyRequestOutcome.KeyInRoster => new ApiProblem(409, "key_in_roster", "The roster names this key already."),
        KeyRequestOutcome.TooMany => new ApiProblem(
            409, "too_many_key_requests", $"{KeyRequests.MaxOpenOfAccount} requests of an account may wait, {KeyRequests.MaxOfAccount} be kept. Take one back, or have an owner decide."),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not a problem."),
    };

    private static bool TryReadKey(string? text, [NotNullWhen(true)] out IdentityPublicKey? key)
    {
        key = null;
        if (text is not { Length: > 0 and <= 128 })
        {
            return false;
        }

        var buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        return Base64Url.DecodeFromChars(text, buffer, out _, out var length) == OperationStatus.Done
            && IdentityPublicKey.TryImport(buffer.AsSpan(0, length), out key)
            && text == Base64Url.EncodeToString(key.Point);
    }
}
