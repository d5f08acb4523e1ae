using Messaging.Audit;
using Messaging.Commands;
using Messaging.FleetServer.Access;
using Messaging.FleetServer.Commands;
using Messaging.FleetServer.Storage;
using Messaging.FleetServer.Trust;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Audit.Executions;

/// <summary>
/// Writes each command into the log, durably, before it may be sent: who wanted it, for which device, and the digest that the device records too.
/// It takes the place of the entry that the request would write.
/// </summary>
internal sealed class CommandLedger(IAuditLog log, IDbContextFactory<FleetDbContext> factory, FleetKeys keys, IHttpContextAccessor requests)
{
    public const string Action = "command.create";

    public Task IssueAsync(CommandEntity command, CancellationToken cancellationToken)
    {
        var issuer = command.IssuerId is { } id ? PrincipalId.Parse(id) : keys.ServerId;
        var digest = Execution.DigestOf(
            CommandId.TryParse(command.Id, out var commandId) ? commandId : throw new InvalidOperationException($"{command.Id} is not a command's id."),
            issuer,
            command.Type,
            command.Args);
        return IssueAsync(TargetOf(command.DeviceId, command.Id), command.Type, digest, command.CreatedBy, cancellationToken);
    }

    /// <summary>One entry for all devices of a set: each of them proves that it is one.</summary>
    public Task IssueAsync(CommandContent set, string createdBy, CancellationToken cancellationToken) => IssueAsync(
        TargetOf(set.Id.ToString()), set.Type, Execution.DigestOf(set.Id, set.IssuerId, set.Type, set.Arguments.Span), createdBy, cancellationToken);

    private async Task IssueAsync(string target, string type, byte[] digest, string createdBy, CancellationToken cancellationToken)
    {
        var context = requests.HttpContext;
        var caller = context?.Features.Get<Caller>();
        await log.AppendAsync(
            new AuditRecord(Action, target, AuditRecord.Ok, $"{type} {Convert.ToHexStringLower(digest)}")
            {
                ActorKind = caller is null ? "system" : caller.Kind == CallerKind.ApiToken ? "api-token" : "operator",
                ActorId = caller?.Id ?? "",
                Actor = caller?.Name ?? createdBy,
                Address = caller is null ? "" : context!.Address(),
            },
            cancellationToken);
        if (context?.Features.Get<AuditScope>() is { } scope)
        {
            scope.IsCommandWritten = true;
        }
    }

    /// <summary>The digest that the log has of a command; null when it does not know the command.</summary>
    public async Task<string?> DigestAsync(string deviceId, string commandId, CancellationToken cancellationToken)
    {
        await using var db = await factory.CreateDbContextAsync(cancellationToken);
        var (target, set) = (TargetOf(deviceId, commandId), TargetOf(commandId));
        var details = await db.Set<AuditEntry>().AsNoTracking()
            .Where(entry => (entry.Target == target || entry.Target == set) && entry.Action == Action && entry.Outcome == AuditRecord.Ok)
            .OrderByDescending(entry => entry.Id).Select(entry => entry.Details).FirstOrDefaultAsync(cancellationToken);
        return details?[(details.LastIndexOf(' ') + 1)..];
    }

    private static string TargetOf(string setId) => $"commands/sets/{setId}";

    private static string TargetOf(string deviceId, string commandId) => $"devices/{deviceId}/commands/{commandId}";
}
