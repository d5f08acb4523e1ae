namespace Messaging.FleetServer.Audit;

/// <summary>Which entries are wanted, newest first. Null leaves a condition out.</summary>
internal sealed record AuditFilter(int Limit)
{
    /// <summary>Only entries before this one.</summary>
    public long? Before { get; init; }

    /// <summary>A part of the name or id of who did it.</summary>
    public string? Actor { get; init; }

    /// <summary>The beginning of what was done.</summary>
    public string? Action { get; init; }

    /// <summary>32 lower hex digits.</summary>
    public string? Device { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    public IQueryable<AuditEntry> Apply(IQueryable<AuditEntry> entries)
    {
        if (Before is { } before)
        {
            entries = entries.Where(entry => entry.Id < before);
        }

        if (Actor is { } actor)
        {
            entries = entries.Where(entry => entry.Actor.Contains(actor) || entry.ActorId == actor);
        }

        if (Action is { } action)
        {
            entries = entries.Where(entry => entry.Action.StartsWith(action));
        }

        if (Device is { } device)
        {
            var target = $"devices/{device}";
            var below = target + "/";
            entries = entries.Where(entry => entry.Target == target || entry.Target.StartsWith(below) || entry.ActorId == device);
        }

        if (From is { } from)
        {
            entries = entries.Where(entry => entry.Time >= from);
        }

        return To is { } to ? entries.Where(entry => entry.Time < to) : entries;
    }
}
