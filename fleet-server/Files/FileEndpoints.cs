using System.Globalization;
using Messaging.Files;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Devices;
using Messaging.Wire;
using Microsoft.Net.Http.Headers;

namespace Messaging.FleetServer.Files;

internal static class FileEndpoints
{
    public static void MapFiles(this IEndpointRouteBuilder api)
    {
        api.MapGet("/devices/{id}/files", List).WithTags("Files").WithSummary("Files of the device's programs, newest first; next goes on with older ones.")
            .Produces<ItemPage<FileView>>();
        api.MapGet("/devices/{id}/files/{fileId}", Get).WithTags("Files").WithSummary("One file: how far it is, and why it is not complete.")
            .Produces<FileView>();
        api.MapGet("/devices/{id}/files/{fileId}/content", Content).WithTags("Files").WithSummary("The content of a complete file, whole or in ranges.")
            .Produces(200, contentType: MediaType.Unknown).Produces(206, contentType: MediaType.Unknown).WithMetadata(new DownloadAttribute());
        api.MapDelete("/devices/{id}/files/{fileId}", Delete).WithTags("Files").WithSummary("Deletes a file; one that is being received is not received any more.")
            .Produces(204);
    }

    private static IResult List(string id, string? limit, string? before, IDeviceRegistry registry, FileTable table)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 50, max: 500);
        var number = validation.Number(before, "before");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        if (registry.Find(id) is null || !PrincipalId.TryParse(id, out var device))
        {
            return Problems.DeviceNotFound;
        }

        var rows = table.List(device, number, count + 1);
        var next = rows.Count > count ? rows[count - 1].Id.ToString(CultureInfo.InvariantCulture) : null;
        return TypedResults.Ok(new ItemPage<FileView>([.. rows.Take(count).Select(FileView.Of)], next));
    }

    private static IResult Get(string id, string fileId, FileTable table) =>
        Find(id, fileId, table) is { } row ? TypedResults.Ok(FileView.Of(row)) : Problems.NotFound("file");

    private static IResult Content(string id, string fileId, FileTable table, FileStore store)
    {
        if (Find(id, fileId, table) is not { } row)
        {
            return Problems.NotFound("file");
        }

        return Download(row, store);
    }

    /// <summary>The content of a complete file, to be saved.</summary>
    public static IResult Download(FileRow row, FileStore store)
    {
        if (row.State != FileState.Complete)
        {
            return new ApiProblem(409, "file_not_complete", $"The file is {FileView.Of(row).State}: its content is not here.");
        }

        FileStream content;
        try
        {
            content = new FileStream(store.PathOf(row), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, useAsync: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new ApiProblem(410, "file_lost", "The content is gone from the server's data folder.");
        }

        // Whatever the device calls it, a browser saves it and shows nothing of it.
        return TypedResults.File(
            content, MediaType.Unknown, DownloadName.Of(row.Name), DateTimeOffset.FromUnixTimeMilliseconds(row.ChangedAt),
            new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(row.Sha256)}\""), enableRangeProcessing: true);
    }

    private static IResult Delete(string id, string fileId, HttpContext context, FileTable table, FileKeeper keeper)
    {
        // Once more where it went on in this moment.
        for (var tries = 0; tries < 3 && Find(id, fileId, table) is { } row; tries++)
        {
            context.Audit().Details = row.Name;
            if (keeper.TryEnd(row, FileState.Deleted, row.State is FileState.Complete or FileState.Expired ? "" : FileReason.Cancelled))
            {
                return TypedResults.NoContent();
            }
        }

        return Problems.NotFound("file");
    }

    private static FileRow? Find(string id, string fileId, FileTable table) =>
        PrincipalId.TryParse(id, out var device) && TransferId.TryParse(fileId, out var transfer)
        && table.Find(device, transfer) is { State: not FileState.Deleted, IsRecording: false } row ? row : null;
}
