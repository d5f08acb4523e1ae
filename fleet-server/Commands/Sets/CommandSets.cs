using Messaging.Commands;
using Messaging.FleetServer.Devices;
using Messaging.Wire;
using Microsoft.EntityFrameworkCore;

namespace Messaging.FleetServer.Commands;

/// <inheritdoc cref="ICommandSets"/>
internal sealed class CommandSets(CommandContext context, CommandService commands, CommandSetStore store, IDeviceRegistry registry) : ICommandSets
{
    private const int CancelsAtOnce = 256;

    /// <summary>Nobody in particular: what a single device would refuse, each of a set says for itself.</summary>
    private static readonly Device Anybody = new() { Id = "", Name = "", IdentityPoint = [], HpkePoint = [], EnrolledHpkePoint = [] };

    public async Task<CommandSetCreation> CreateAsync(CommandSetRequest request, CancellationToken cancellationToken)
    {
        if (CommandCatalog.Find(request.Type) is not { } kind)
        {
            return Refuse(422, "unknown_command", $"There is no such command. There are: {string.Join(", ", CommandCatalog.Types)}.", "type");
        }

        if (!context.Signer.MaySign(kind.Type))
        {
            return Refuse(422, "not_permitted", $"The fleet's policy does not let the server have {kind.Type} run: somebody of the roster signs it.", "type");
        }

        var expiresIn = request.ExpiresIn ?? kind.DefaultExpiry;
        if (expiresIn < TimeSpan.FromSeconds(1) || expiresIn > CommandCatalog.LongestExpiry)
        {
            return Refuse(422, "invalid_expiry", $"A command expires in 1 second to {CommandCatalog.LongestExpiry.TotalDays} days.", "expiresIn");
        }

        byte[] arguments;
        try
        {
            var reader = new ArgumentReader(request.Args);
            arguments = kind.Parse(reader, Anybody);
            reader.End();
        }
        catch (ArgumentProblemException problem)
        {
            return Refuse(422, problem.Code, problem.Message, problem.Field);
        }

        var now = Now();
        var devices = request.Devices ?? [.. context.Devices.Stored.Where(static device => device.Status == DeviceStatus.Active).Select(static device => device.Id)];
        var members = new List<SetMember>(devices.Count);
        foreach (var name in devices.Distinct(StringComparer.Ordinal))
        {
            if (!PrincipalId.TryParse(name, out var id) || context.Devices.Get(id) is null)
            {
                return Refuse(422, "device_not_found", $"There is no device {name}.", "devices");
            }

            members.Add(new SetMember(id, CommandSigner.Freshness(kind, context.Devices.Presence(id)?.Boot, now + expiresIn, now)));
        }

        if (members.Count is 0 or > CommandOrder.MaxMembers)
        {
            return Refuse(422, "no_devices", $"A command goes to 1 to {CommandOrder.MaxMembers} devices.", "devices");
        }

        var sequence = await context.Sequence.NextAsync(cancellationToken);
        var order = context.Signer.SignSet(CommandId.Generate(), kind, arguments, request.DryRun, sequence, members, now, now + expiresIn);
        return await StoreAsync(order, null, request.CreatedBy, now, cancellationToken);
    }

    public async Task<CommandSetCreation> CreateSignedAsync(CommandOrder order, string createdBy, CancellationToken cancellationToken)
    {
        var now = Now();
        var content = order.Command.Content;
        if (order.Set is not { } set)
        {
            return Refuse(422, "wrong_target", "It is for one device: send it to that device's commands.");
        }

        if (context.Signer.Check(order.Command, now) is { } problem)
        {
            return new CommandSetCreation(null, problem);
        }

        foreach (var member in set.Members)
        {
            if (context.Devices.Get(member.Device) is null)
            {
                return Refuse(422, "device_not_found", $"There is no device {member.Device}.");
            }
        }

        return await FindAsync(order, cancellationToken) ?? await StoreAsync(order, content.IssuerId, createdBy, now, cancellationToken);
    }

    public async Task<CommandSetView?> GetAsync(string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } set ? await ViewAsync(set, cancellationToken) : null;

    public async Task<IReadOnlyList<CommandSetView>> ListAsync(int limit, CancellationToken cancellationToken)
    {
        var sets = await store.ListAsync(limit, cancellationToken);
        var totals = await store.TotalsAsync([.. sets.Select(static set => set.Id)], cancellationToken);
        return [.. sets.Select(set => CommandSetView.Of(set, totals[set.Id]))];
    }

    public async Task<IReadOnlyList<(int Index, CommandSetMemberView View)>?> MembersAsync(
        string id, IReadOnlyCollection<CommandState> states, int after, int limit, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return null;
        }

        var rows = await store.MembersAsync(id, states, after, limit, cancellationToken);
        return [.. rows.Select(row => (row.SetIndex!.Value, new CommandSetMemberView(
            row.DeviceId, registry.Find(row.DeviceId)?.Name ?? row.DeviceId, row.State.Word(), row.ExitCode, row.Message, commands.WaitingFor(row), row.FinishedAt)))];
    }

    public async Task<int?> CancelAsync(string id, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(id, cancellationToken) is null)
        {
            return null;
        }

        var cancelled = 0;
        foreach (var some in (await store.WaitingAsync(id, cancellationToken)).Chunk(CancelsAtOnce))
        {
            var done = await Task.WhenAll(some.Select(device => commands.CancelOpenAsync(PrincipalId.Parse(device), id, cancellationToken)));
            cancelled += done.Count(static one => one);
        }

        return cancelled;
    }

    private static CommandSetCreation Refuse(int status, string code, string detail, string? field = null) =>
        new(null, new CommandProblem(status, code, detail, field));

    private async Task<CommandSetCreation> StoreAsync(
        CommandOrder order, PrincipalId? issuer, string createdBy, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var content = order.Command.Content;
        var entity = new CommandSetEntity
        {
            Id = content.Id.ToString(),
            Type = content.Type,
            ArgsJson = ArgumentsJson.Of(content.Type, content.Arguments.Span),
            DryRun = content.DryRun,
            CreatedAt = now,
            CreatedBy = createdBy,
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(content.ExpiresAtUnixMs),
            IssuerId = issuer?.ToString(),
            Size = order.Set!.Members.Count,
            Order = order.Encode(),
        };
        var shared = new CommandSet(entity.ArgsJson, content.Arguments, order.Command, order.Set, issuer is not null);
        var first = commands.TakeOrdinals(entity.Size);
        var rows = order.Set.Members.Select((member, index) => Row(entity, shared, member.Device, index, first + index, now)).ToList();
        try
        {
            // Before it may be sent: no device runs what the log does not know.
            await context.Ledger.IssueAsync(content, createdBy, cancellationToken);
            await store.InsertAsync(entity, rows, cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The same came twice at a time, and the other was faster.
            if (await FindAsync(order, cancellationToken) is { } known)
            {
                return known;
            }

            throw;
        }

        // It is durable: whoever stops waiting for the answer does not keep it from being sent.
        await commands.TakeOverAsync(rows, CancellationToken.None);
        return new CommandSetCreation(await ViewAsync(entity, cancellationToken), null);
    }

    private CommandEntity Row(CommandSetEntity set, CommandSet shared, PrincipalId id, int index, long ordinal, DateTimeOffset now)
    {
        var row = new CommandEntity
        {
            Id = set.Id,
            DeviceId = id.ToString(),
            SetIndex = index,
            Set = shared,
            Ordinal = ordinal,
            Type = set.Type,
            DryRun = set.DryRun,
            ArgsJson = "",
            Args = [],
            CreatedAt = now,
            CreatedBy = set.CreatedBy,
            ExpiresAt = set.ExpiresAt,
            IssuerId = set.IssuerId,
        };
        var status = context.Devices.Get(id)?.Status;
        if (status != DeviceStatus.Active || commands.IsFull(id))
        {
            row.State = CommandState.Cancelled;
            row.FinishedAt = now;
            row.Message = status == DeviceStatus.Active
                ? $"The device has {context.Options.MaxOpenPerDevice} commands that have not ended."
                : $"The device is {(status?.ToString() ?? "gone").ToLowerInvariant()}; only active devices take commands.";
        }

        return row;
    }

    /// <summary>What is answered to a command that was sent again, because the answer was lost; null when it is new.</summary>
    private async Task<CommandSetCreation?> FindAsync(CommandOrder order, CancellationToken cancellationToken)
    {
        var id = order.Command.Content.Id.ToString();
        if (await store.FindAsync(id, cancellationToken) is { } known)
        {
            return known.Order.AsSpan().SequenceEqual(order.Encode())
                ? new CommandSetCreation(await ViewAsync(known, cancellationToken), null)
                : Refuse(409, "command_id_used", "There is another command of this id.");
        }

        return await store.IsOfADeviceAsync(id, cancellationToken) ? Refuse(409, "command_id_used", "There is another command of this id.") : null;
    }

    private async Task<CommandSetView> ViewAsync(CommandSetEntity set, CancellationToken cancellationToken) =>
        CommandSetView.Of(set, (await store.TotalsAsync([set.Id], cancellationToken))[set.Id]);

    /// <summary>Stored in milliseconds, so answered in milliseconds.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(context.Time.GetUtcNow().ToUnixTimeMilliseconds());
}
