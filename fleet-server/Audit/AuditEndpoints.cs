using System.Globalization;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Api;
using Messaging.FleetServer.Audit.Findings;

namespace Messaging.FleetServer.Audit;

internal static class AuditEndpoints
{
    private const int MaxText = 128;

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", ListAsync).WithTags("Audit").WithSummary("Who changed what, newest first.").Produces<ItemPage<AuditView>>();
        api.MapGet("/audit/state", StateAsync).WithTags("Audit").WithSummary("How far the log goes, is verified, signed and witnessed.").Produces<AuditStateView>();
        api.MapPost("/audit/verify", VerifyAsync).WithTags("Audit").WithSummary("Verifies all that is kept of the log.").Produces<AuditStateView>();
        api.MapGet("/audit/chain", ChainAsync).WithTags("Audit").WithSummary("All entries with their hashes, oldest first, to verify them elsewhere.").Produces<ItemPage<ChainEntryView>>();
        api.MapGet("/audit/checkpoints", CheckpointsAsync).WithTags("Audit").WithSummary("What the server has signed of the log, oldest first.").Produces<ItemPage<CheckpointView>>();
        api.MapGet("/audit/executions", ExecutionsAsync).WithTags("Audit").WithSummary("What devices have signed of what they executed, oldest first.")
            .Produces<ItemPage<ExecutionBatchView>>();
        api.MapGet("/audit/device-keys", DeviceKeysAsync).WithTags("Audit").WithSummary("Devices' changes of their identity keys, each signed by the key before.")
            .Produces<ItemPage<DeviceKeyView>>();
        api.MapGet("/audit/findings", FindingsAsync).WithTags("Audit").WithSummary("What does not agree, open findings first.").Produces<ItemList<FindingView>>();
        api.MapPost("/audit/findings/{id}/acknowledge", AcknowledgeAsync).WithTags("Audit").WithSummary("Somebody has seen to it.").Produces<FindingView>();
    }

    private static async Task<IResult> ListAsync(
        string? limit, string? before, string? actor, string? action, string? device, string? from, string? to, IAuditLog audit, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var filter = new AuditFilter(validation.Limit(limit, defaultValue: 100, max: 500))
        {
            Before = validation.Number(before, "before"),
            Actor = Text(validation, actor, "actor"),
            Action = Text(validation, action, "action"),
            Device = Text(validation, device, "device"),
            From = Time(validation, from, "from"),
            To = Time(validation, to, "to"),
        };
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var entries = await audit.ListAsync(filter, cancellationToken);
        var next = entries.Count == filter.Limit ? Number(entries[^1].Id) : null;
        return TypedResults.Ok(new ItemPage<AuditView>([.. entries.Select(AuditView.Of)], next));
    }

    private static async Task<IResult> StateAsync(AuditReads reads, CancellationToken cancellationToken) =>
        TypedResults.Ok(await reads.StateAsync(cancellationToken));

    private static async Task<IResult> VerifyAsync(AuditReads reads, CancellationToken cancellationToken) => await reads.VerifyAsync(cancellationToken)
        ? await StateAsync(reads, cancellationToken)
        : new ApiProblem(409, "no_control", "This process does not keep the log.");

    private static Task<IResult> ChainAsync(string? limit, string? after, AuditReads reads, CancellationToken cancellationToken) =>
        PageAsync(limit, after, (id, count) => reads.ChainAsync(id, count, cancellationToken), static row => row.Id, ChainEntryView.Of);

    private static Task<IResult> CheckpointsAsync(string? limit, string? after, AuditReads reads, CancellationToken cancellationToken) =>
        PageAsync(limit, after, (id, count) => reads.CheckpointsAsync(id, count, cancellationToken), static row => row.Id, CheckpointView.Of);

    private static Task<IResult> ExecutionsAsync(string? limit, string? after, string? device, AuditReads reads, CancellationToken cancellationToken) =>
        PageAsync(limit, after, (id, count) => reads.ExecutionsAsync(id, device, count, cancellationToken), static row => row.Id, ExecutionBatchView.Of);

    private static Task<IResult> DeviceKeysAsync(string? limit, string? after, AuditReads reads, CancellationToken cancellationToken) =>
        PageAsync(limit, after, (id, count) => reads.DeviceKeysAsync(id, count, cancellationToken), static row => row.Id, DeviceKeyView.Of);

    private static async Task<IResult> FindingsAsync(string? limit, string? open, string? device, FindingBook findings, CancellationToken cancellationToken)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 100, max: 500);
        validation.Require(open is null or "true" or "false", "open", "Must be true or false.");
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var list = await findings.ListAsync(open == "true", device, count, cancellationToken);
        return TypedResults.Ok(new ItemList<FindingView>([.. list.Select(FindingView.Of)]));
    }

    private static async Task<IResult> AcknowledgeAsync(string id, HttpContext context, FindingBook findings, CancellationToken cancellationToken)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || await findings.AcknowledgeAsync(number, context.Caller().Name, cancellationToken) is not { } row)
        {
            return Problems.NotFound("finding");
        }

        context.Audit().Details = row.DeviceId.Length == 0 ? $"{row.Kind} {row.Subject}" : $"{row.Kind} {row.Subject} of {row.DeviceId}";
        return TypedResults.Ok(FindingView.Of(row));
    }

    private static async Task<IResult> PageAsync<TRow, TView>(
        string? limit, string? after, Func<long, int, Task<List<TRow>>> read, Func<TRow, long> id, Func<TRow, TView> view)
    {
        var validation = new ApiValidation();
        var count = validation.Limit(limit, defaultValue: 1000, max: 1000);
        var from = validation.Number(after, "after") ?? 0;
        if (validation.Failed)
        {
            return validation.Problem;
        }

        var rows = await read(from, count);
        return TypedResults.Ok(new ItemPage<TView>([.. rows.Select(view)], rows.Count == count ? Number(id(rows[^1])) : null));
    }

    private static string? Text(ApiValidation validation, string? text, string field) => string.IsNullOrEmpty(text) ? null : validation.Text(text, field, MaxText);

    private static DateTimeOffset? Time(ApiValidation validation, string? text, string field) =>
        validation.Time(text, field) is { } unixMs ? DateTimeOffset.FromUnixTimeMilliseconds(unixMs) : null;

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}
