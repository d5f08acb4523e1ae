using Messaging.Files;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Updates.Metadata;
using Messaging.Updates.Releases;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Net.Http.Headers;

namespace Messaging.FleetServer.Updates.Artifacts;

/// <summary>Artifacts as operators handle them, before and after anything names them.</summary>
internal static class ArtifactEndpoints
{
    private const string Tag = "Updates";

    public static void MapArtifacts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/repository/artifacts", List).WithTags(Tag).WithSummary("The artifacts that are here, whole or in part, and what names them.")
            .Produces<ItemList<ArtifactView>>();
        api.MapGet("/repository/artifacts/{sha256}", Get).WithTags(Tag).WithSummary("One artifact: how much of it is here.").Produces<ArtifactView>();
        api.MapGet("/repository/artifacts/{sha256}/content", Content).WithTags(Tag).WithSummary("The content of an artifact, whole or in ranges, published or not.")
            .Produces(200, contentType: MediaType.Unknown).Produces(206, contentType: MediaType.Unknown).WithMetadata(new DownloadAttribute());
        api.MapPut("/repository/artifacts/{sha256}", PutAsync).WithTags(Tag).WithSummary("Uploads an artifact; with Content-Range the end of one whose beginning is here.")
            .Accepts<byte[]>(MediaType.Unknown).Produces<ArtifactView>();
        api.MapDelete("/repository/artifacts/{sha256}", Delete).WithTags(Tag).WithSummary("Deletes an artifact that neither the published targets nor a draft name.").Produces(204);
    }

    private static Ok<ItemList<ArtifactView>> List(ArtifactStore store, UpdateRepository repository) =>
        TypedResults.Ok(new ItemList<ArtifactView>([.. store.List().OrderBy(static one => one.Sha256, StringComparer.Ordinal).Select(one => View(one, repository))]));

    private static IResult Get(string sha256, ArtifactStore store, UpdateRepository repository) =>
        Find(sha256, store) is { } artifact ? TypedResults.Ok(View(artifact, repository)) : Problems.NotFound("artifact");

    private static IResult Content(string sha256, ArtifactStore store) => ReleaseText.IsSha256(sha256) && store.OpenRead(sha256) is { } content
        ? TypedResults.File(content, MediaType.Unknown, sha256, null, new EntityTagHeaderValue($"\"{sha256}\""), enableRangeProcessing: true)
        : Problems.NotFound("artifact");

    private static async Task<IResult> PutAsync(
        string sha256, HttpContext context, ArtifactStore store, ArtifactUploads uploads, UpdateRepository repository, RepositoryLimits limits, CancellationToken cancellationToken)
    {
        if (!ReleaseText.IsSha256(sha256))
        {
            return Problems.Invalid("sha256", "Must be the artifact's SHA-256 in 64 lower-case hexadecimal digits.");
        }

        if (context.Request.ContentType != MediaType.Unknown)
        {
            return new ApiProblem(415, "unsupported_media_type", $"Send the artifact as {MediaType.Unknown}.");
        }

        if (!UploadSpan.TryRead(context.Request, out var span))
        {
            return new ApiProblem(411, "length_required", "Say how long it is by Content-Length, and of the end of an artifact which bytes they are by Content-Range: bytes 100-199/200.");
        }

        context.Audit().Details = $"{span.Length} bytes{(span.From > 0 ? $", from {span.From} on" : "")}";
        Admit(context, span, limits);
        try
        {
            return await uploads.ReceiveAsync(sha256, span, context.Request.Body, cancellationToken) is { } problem ? problem : Get(sha256, store, repository);
        }
        catch (ConnectionResetException e)
        {
            // The connection was lost: what has come stays, and nobody waits for an answer.
            throw new OperationCanceledException("The upload was broken off.", e, cancellationToken);
        }
    }

    private static IResult Delete(string sha256, HttpContext context, ArtifactStore store, ArtifactUploads uploads, UpdateRepository repository)
    {
        if (Find(sha256, store) is not { } artifact)
        {
            return Problems.NotFound("artifact");
        }

        if (View(artifact, repository).Target is { } target)
        {
            return new ApiProblem(409, "artifact_in_use", $"{target} is this artifact: take it out of the targets first, and publish that.");
        }

        context.Audit().Details = $"{artifact.Length} bytes";
        return uploads.IsBusy(sha256) ? new ApiProblem(409, "artifact_busy", "Somebody uploads this artifact.")
            : store.Delete(sha256) ? TypedResults.NoContent()
            : Problems.NotFound("artifact");
    }

    /// <summary>Larger than other requests may be, and not slower than a place is worth.</summary>
    private static void Admit(HttpContext context, UploadSpan span, RepositoryLimits limits)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = Math.Min(span.Length, limits.MaxArtifactBytes);
        }

        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = new MinDataRate(limits.UploadBytesPerSecond, limits.UploadGrace);
        }
    }

    private static StoredArtifact? Find(string sha256, ArtifactStore store) =>
        store.List().Where(one => one.Sha256 == sha256).OrderByDescending(static one => one.IsWhole).FirstOrDefault();

    private static ArtifactView View(StoredArtifact artifact, UpdateRepository repository)
    {
        var published = repository.Published.Names.GetValueOrDefault(artifact.Sha256);
        var drafted = repository.DraftOf(MetadataNames.Targets)?.Names.GetValueOrDefault(artifact.Sha256);
        return new ArtifactView(artifact.Sha256, artifact.Length, artifact.IsWhole, published ?? drafted, published is not null);
    }
}
