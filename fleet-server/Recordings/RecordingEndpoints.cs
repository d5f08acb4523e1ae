using System.Globalization;
using Messaging.Files;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Devices;
using Messaging.FleetServer.Files;
using Messaging.Recordings;
using Messaging.Wire;

namespace Messaging.FleetServer.Recordings;

/// <summary>Recordings are read and never deleted by hand: age alone does that.</summary>
internal static class RecordingEndpoints
{
    public static void MapRecordings(this IEndpointRouteBuilder api)
    {
        api.MapGet("/recordings", ListAsync).WithTags("Recordings").WithSummary("Recordings of shells, newest first: of one device, or of all; next goes on with older ones.")
            .Produces<ItemPage<RecordingView>>();
        api.MapGet("/devices/{id}/recordings/{commandId}", GetAsync).WithTags("Recordings").WithSummary("The recording of the shell that a command opened.")
            .Produces<RecordingView>();
        api.MapGet("/devices/{id}/recordings/{commandId}/content", Content).WithTags("Recordings").WithSummary("The recording, sealed as the device made it.")
            .Produces(200, contentType: MediaType.Unknown).Produces(206, contentType: MediaType.Unknown).WithMetadata(new DownloadAttribute());
    }

    private static async Task<IResult> ListAsync(
        string? device, string? limit, string? before, IDeviceRegistry registry, FileTable table, ICommandService commands, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 50, max: 200);
        var number = validation.Number(before, "before");
        PrincipalId? one = PrincipalId.TryParse(device, out var id) ? id : null;
        validation.Require(device is null || one is not null, "device", "Must be 32 hexadecimal digits.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var rows = table.ListRecordings(one, number, count + 1);
        var views = new List<RecordingView>();
        foreach (var row in rows.Take(count))
        {
            views.Add(await ViewAsync(row, registry, commands, cancellationToken));
        }

        return TypedResults.Ok(new ItemPage<RecordingView>(views, rows.Count > count ? rows[count - 1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<IResult> GetAsync(
        string id, string commandId, IDeviceRegistry registry, FileTable table, ICommandService commands, CancellationToken cancellationToken) =>
        Find(id, commandId, table) is { } row ? TypedResults.Ok(await ViewAsync(row, registry, commands, cancellationToken)) : Problems.NotFound("recording");

    private static IResult Content(string id, string commandId, HttpContext context, FileTable table, FileStore store)
    {
        if (Find(id, commandId, table) is not { } row)
        {
            return Problems.NotFound("recording");
        }

        context.Audit().Details = Convert.ToHexStringLower(row.Sha256);
        return FileEndpoints.Download(row, store);
    }

    private static async Task<RecordingView> ViewAsync(FileRow row, IDeviceRegistry registry, ICommandService commands, CancellationToken cancellationToken)
    {
        var device = row.Device.ToString();
        return RecordingView.Of(row, registry.Find(device)?.Name, await commands.GetAsync(device, row.Transfer.ToString(), cancellationToken));
    }

    private static FileRow? Find(string id, string commandId, FileTable table) =>
        PrincipalId.TryParse(id, out var device) && TransferId.TryParse(commandId, out var transfer)
        && table.Find(device, transfer) is { IsRecording: true } row ? row : null;
}
