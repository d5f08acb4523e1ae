using Messaging.Files;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Updates.Metadata;
using Messaging.Updates;
using Messaging.Updates.Metadata;
using Messaging.Updates.Releases;
using Messaging.Updates.Repository;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Messaging.FleetServer.Updates;

/// <summary>
/// What is to be published, and its signatures. These give nobody power over devices: that takes the keys of the root and of the targets.
/// </summary>
internal static class RepositoryEndpoints
{
    private const string Tag = "Updates";
    private const string Json = "application/json";

    /// <summary>As large as devices read of targets.</summary>
    private const int MaxDraftBytes = 512 * 1024;

    /// <summary>Of a signature: 72 bytes, and some room.</summary>
    private const int MaxSignatureBytes = 128;

    public static void MapRepository(this IEndpointRouteBuilder api)
    {
        api.MapGet("/repository", Status).WithTags(Tag).WithSummary("The update repository: keys, ends, warnings, and what waits for signatures.").Produces<RepositoryView>();
        api.MapGet("/repository/releases", Releases).WithTags(Tag).WithSummary("The releases that devices are shown.").Produces<ItemList<ReleaseView>>();
        api.MapGet("/repository/draft/{role}", Content).WithTags(Tag).WithSummary("The draft of the root or of the targets, with its signatures so far, as a metadata file.").Produces<byte[]>(200, Json);
        api.MapGet("/repository/draft/{role}/signed", Signed).WithTags(Tag).WithSummary("Exactly the bytes that are to be signed.").Produces<byte[]>(200, MediaType.Unknown);
        api.MapPut("/repository/draft/{role}", PutAsync).WithTags(Tag).WithSummary("Puts a root or targets up for signatures: what is signed, without an envelope. Takes If-Match or If-None-Match.")
            .Accepts<byte[]>(Json).Produces(204).WithMetadata(new RequestSizeLimitAttribute(MaxDraftBytes));
        api.MapDelete("/repository/draft/{role}", DeleteAsync).WithTags(Tag).WithSummary("Takes a draft back.").Produces(204);
        api.MapPut("/repository/draft/{role}/signatures/{keyId}", SignAsync).WithTags(Tag).WithSummary("Adds a signature to a draft.").Produces(204);
        api.MapPost("/repository/publish", PublishAsync).WithTags(Tag).WithSummary("Shows devices the drafts that are signed, all of it at once.").Produces<RepositoryView>();
    }

    private static Ok<RepositoryView> Status(RepositoryStatus status) => TypedResults.Ok(status.View());

    private static Ok<ItemList<ReleaseView>> Releases(UpdateRepository repository)
    {
        var releases = new List<ReleaseView>();
        var targets = repository.Published.Targets;
        for (var i = 0; i < targets?.Count; i++)
        {
            if (ReleaseOf(targets[i]) is { } release)
            {
                releases.Add(ReleaseView.Of(targets[i], release));
            }
        }

        return TypedResults.Ok(new ItemList<ReleaseView>([.. releases.OrderBy(static one => one.Name, StringComparer.Ordinal).ThenByDescending(static one => one.Counter)]));
    }

    /// <summary>What is published was read before; what an older version published may be none any more.</summary>
    private static Release? ReleaseOf(TargetFile target)
    {
        try
        {
            return target.Hashes.Sha256 is null ? null : TargetKind.ReleaseOf(target);
        }
        catch (TufException)
        {
            return null;
        }
    }

    private static IResult Content(string role, UpdateRepository repository) =>
        repository.DraftOf(role) is { } draft ? TypedResults.Bytes(draft.Document.Encode(), Json, entityTag: Tagged(draft)) : RepositoryProblems.NoDraft;

    private static IResult Signed(string role, UpdateRepository repository) =>
        repository.DraftOf(role) is { } draft ? TypedResults.Bytes(draft.Document.Canonical, MediaType.Unknown, entityTag: Tagged(draft)) : RepositoryProblems.NoDraft;

    private static async Task<IResult> PutAsync(string role, HttpContext context, UpdateRepository repository, CancellationToken cancellationToken)
    {
        if (role is not (MetadataNames.Root or MetadataNames.Targets))
        {
            return Problems.Invalid("role", "Must be root or targets.");
        }

        if (!Precondition(context.Request, out var replaces))
        {
            return new ApiProblem(428, "precondition_required", "Say what it was made from: If-Match with the digest of the draft, or If-None-Match: * when there was none.");
        }

        using var content = new MemoryStream();
        await context.Request.Body.CopyToAsync(content, cancellationToken);
        var problem = await repository.PutDraftAsync(role, content.ToArray(), replaces, cancellationToken);
        context.Audit().Details = problem is null && repository.DraftOf(role) is { } draft ? $"version {draft.Version}, {draft.Document.Digest}" : "";
        return problem is null ? TypedResults.NoContent() : problem;
    }

    private static async Task<IResult> DeleteAsync(string role, UpdateRepository repository, CancellationToken cancellationToken) =>
        await repository.DiscardAsync(role, cancellationToken) is { } problem ? problem : TypedResults.NoContent();

    private static async Task<IResult> SignAsync(string role, string keyId, SignatureRequest body, HttpContext context, UpdateRepository repository, CancellationToken cancellationToken)
    {
        if (body.Signature is not { Length: > 0 and <= 2 * MaxSignatureBytes } text || text.Length % 2 != 0 || !text.All(char.IsAsciiHexDigitLower))
        {
            return Problems.Invalid("signature", "Must be a signature in DER, in lower-case hexadecimal digits.");
        }

        context.Audit().Details = repository.DraftOf(role) is { } draft ? $"version {draft.Version}, {draft.Document.Digest}" : "";
        return await repository.SignAsync(role, keyId, Convert.FromHexString(text), cancellationToken) is { } problem ? problem : TypedResults.NoContent();
    }

    private static async Task<IResult> PublishAsync(HttpContext context, UpdateRepository repository, RepositoryStatus status, CancellationToken cancellationToken)
    {
        var problem = await repository.PublishAsync(cancellationToken);
        context.Audit().Details = problem is null ? $"root {repository.Published.Plan?.Version}, targets {repository.Published.Targets?.Version}" : "";
        return problem is null ? TypedResults.Ok(status.View()) : problem;
    }

    private static Microsoft.Net.Http.Headers.EntityTagHeaderValue Tagged(Draft draft) => new($"\"{draft.Document.Digest}\"");

    /// <summary>The digest of If-Match; null for If-None-Match: *. False when it is neither.</summary>
    private static bool Precondition(HttpRequest request, out string? digest)
    {
        var (match, noneMatch) = (request.Headers.IfMatch.ToString(), request.Headers.IfNoneMatch.ToString());
        digest = match.Trim('"');
        if (digest.Length == 0 && noneMatch == "*")
        {
            digest = null;
            return true;
        }

        return noneMatch.Length == 0 && ReleaseText.IsSha256(digest);
    }
}
