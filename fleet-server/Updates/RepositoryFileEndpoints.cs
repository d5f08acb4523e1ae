using System.Security.Cryptography;
using Messaging.Files;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Files;
using Messaging.FleetServer.Updates.Artifacts;
using Messaging.FleetServer.Updates.Metadata;
using Microsoft.Net.Http.Headers;

namespace Messaging.FleetServer.Updates;

/// <summary>
/// The repository as devices and mirrors read it: to everybody, for what is true of it is proved by signatures, and what is secret of it is encrypted. Files are looked
/// up among the names that the kept metadata lists, and not on the disk.
/// </summary>
internal static class RepositoryFileEndpoints
{
    private const string Tag = "Updates";
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>A year: what has a version or a hash in its name never changes.</summary>
    private const string Forever = "public, max-age=31536000, immutable";

    public static void MapRepositoryFiles(this IEndpointRouteBuilder api)
    {
        api.MapMethods("/repository/metadata/{file}", Reading, Metadata).WithTags(Tag).WithSummary("A metadata file of the update repository (TUF).")
            .Produces<byte[]>(200, "application/json").WithMetadata(new CacheableAttribute());
        api.MapMethods("/repository/targets/{**path}", Reading, Target).WithTags(Tag).WithSummary("An artifact of the update repository, whole or in ranges.")
            .Produces(200, contentType: MediaType.Unknown).Produces(206, contentType: MediaType.Unknown).WithMetadata(new DownloadAttribute()).WithMetadata(new CacheableAttribute());
    }

    private static IResult Metadata(string file, HttpContext context, UpdateRepository repository)
    {
        if (repository.Published.File(file) is not { } content)
        {
            return Problems.NotFound("metadata file");
        }

        context.Response.Headers.CacheControl = file == MetadataNames.TimestampFile ? "no-cache" : Forever;
        return TypedResults.Bytes(content, "application/json", entityTag: new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(content))}\""));
    }

    private static IResult Target(string path, HttpContext context, UpdateRepository repository, ArtifactStore artifacts, DownloadGate gate)
    {
        if (repository.Published.Artifact(path) is not { } target)
        {
            return Problems.NotFound("target");
        }

        if (gate.TryEnter(context.Address()) is not { } place)
        {
            return RepositoryProblems.TooManyDownloads;
        }

        context.Response.RegisterForDispose(place);
        if (artifacts.OpenRead(target.Sha256) is not { } content)
        {
            return Problems.NotFound("target");
        }

        context.Response.Headers.CacheControl = Forever;
        return TypedResults.File(content, MediaType.Unknown, null, null, new EntityTagHeaderValue($"\"{target.Sha256}\""), enableRangeProcessing: true);
    }
}
