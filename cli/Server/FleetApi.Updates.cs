using Messaging.Cli.Updates;
using Messaging.Commands;
using Messaging.Wire;

namespace Messaging.Cli.Server;

/// <content>What became of updates.</content>
internal sealed partial class FleetApi
{
    private const int MaxUpdates = 1000;

    /// <summary>Null when the server has nothing of it yet.</summary>
    public async Task<UpdateReply?> FindUpdateAsync(PrincipalId device, CommandId command, CancellationToken ct) =>
        await FindAsync($"api/v1/devices/{device}/updates/{command}", ct) is { } body ? Read(body, ReplyJson.Default.UpdateReply) : null;

    /// <summary>Of one device, newest first.</summary>
    public Task<PageReply<UpdateReply>> GetUpdatesAsync(PrincipalId device, CancellationToken ct) =>
        GetAsync($"api/v1/devices/{device}/updates", ReplyJson.Default.PageReplyUpdateReply, ct);

    /// <summary>Of all devices, newest first.</summary>
    /// <param name="query">What the server is to leave out, such as <c>state=failed</c>; each value is escaped.</param>
    public Task<PageReply<UpdateReply>> GetUpdatesAsync(string query, CancellationToken ct) =>
        GetAsync($"api/v1/updates?limit={MaxUpdates}&{query}", ReplyJson.Default.PageReplyUpdateReply, ct);

    /// <param name="set">Of one command; null: of all.</param>
    public Task<UpdateTotalsReply> GetUpdateTotalsAsync(CommandId? set, CancellationToken ct) =>
        GetAsync($"api/v1/updates/totals{(set is null ? "" : "?set=" + set)}", ReplyJson.Default.UpdateTotalsReply, ct);

    public Task<PageReply<ComponentReply>> GetComponentsAsync(PrincipalId device, CancellationToken ct) =>
        GetAsync($"api/v1/devices/{device}/components", ReplyJson.Default.PageReplyComponentReply, ct);
}
