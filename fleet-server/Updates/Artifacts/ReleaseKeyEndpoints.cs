using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.Updates.Releases;

namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>Keys of encrypted releases, by the SHA-256 of their target. Who read one is a part of the audit.</summary>
internal static class ReleaseKeyEndpoints
{
    private const string Tag = "Updates";

    public static void MapReleaseKeys(this IEndpointRouteBuilder api)
    {
        api.MapGet("/repository/keys/{sha256}", Get).WithTags(Tag).WithSummary("The key of an encrypted release, for whoever assigns it.").Produces<ReleaseKeyView>();
        api.MapPut("/repository/keys/{sha256}", Put).WithTags(Tag).WithSummary("Keeps the key of an encrypted release.").Produces(204);
        api.MapDelete("/repository/keys/{sha256}", Delete).WithTags(Tag).WithSummary("Forgets a key: the release cannot be assigned any more.").Produces(204);
    }

    private static IResult Get(string sha256, ReleaseKeys keys) =>
        ReleaseText.IsSha256(sha256) && keys.Find(sha256) is { } key ? TypedResults.Ok(new ReleaseKeyView(key)) : Problems.NotFound("release key");

    private static IResult Put(string sha256, ReleaseKeyView body, ReleaseKeys keys)
    {
        var validation = new ApiValidation();
        validation.Require(ReleaseText.IsSha256(sha256), "sha256", "Must be the target's SHA-256 in 64 lower-case hexadecimal digits.");
        validation.Require(body.Key?.Length == UpdateArguments.KeyBytes, "key", $"Must be {UpdateArguments.KeyBytes} bytes in base64.");
        return validation.Failed ? validation.Problem
            : keys.TryAdd(sha256, body.Key) ? TypedResults.NoContent()
            : new ApiProblem(409, "release_key_taken", "There is another key of this target already.");
    }

    private static IResult Delete(string sha256, ReleaseKeys keys) =>
        ReleaseText.IsSha256(sha256) && keys.Delete(sha256) ? TypedResults.NoContent() : Problems.NotFound("release key");
}
