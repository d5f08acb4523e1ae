namespace Messaging.FleetServer.Updates.Devices;

/// <summary>Which updates are meant; null and empty: all.</summary>
/// <param name="CommandId">Of one command, so of a set.</param>
internal sealed record UpdateFilter(IReadOnlyCollection<DeviceUpdateState> States, bool OnlyOverdue, string? Name, string? Version, string? CommandId)
{
    public static readonly UpdateFilter None = new([], false, null, null, null);

    public IQueryable<UpdateRow> Of(IQueryable<UpdateRow> rows, DateTimeOffset now)
    {
        if (States.Count > 0)
        {
            rows = rows.Where(row => States.Contains(row.State));
        }

        if (OnlyOverdue)
        {
            rows = Overdue(rows, now);
        }

        rows = string.IsNullOrEmpty(Name) ? rows : rows.Where(row => row.Name == Name);
        rows = string.IsNullOrEmpty(Version) ? rows : rows.Where(row => row.Version == Version);
        return string.IsNullOrEmpty(CommandId) ? rows : rows.Where(row => row.CommandId == CommandId);
    }

    /// <summary>As <see cref="UpdateRules.SilentSince"/> says it of one.</summary>
    public static IQueryable<UpdateRow> Overdue(IQueryable<UpdateRow> rows, DateTimeOffset now)
    {
        var before = now - UpdateRules.Grace;
        return rows.Where(row => row.State < DeviceUpdateState.Committed && row.DeadlineAt < before);
    }
}
