using Messaging.Twin;

namespace Messaging.Agent.Twin;

/// <summary>
/// Decides what becomes of a property: state and look -> state and what to do. Pure. No state waits without an end: converging and drifted have a
/// time at which they become failed, and a failed one is looked at again like all others.
/// </summary>
internal static class PropertyMachine
{
    private const int MostDoublings = 8;

    /// <param name="status">How far it was.</param>
    /// <param name="look">How it is.</param>
    /// <param name="nowMs">The uptime.</param>
    /// <param name="limits">Of its kind.</param>
    public static PropertyStep Next(PropertyStatus status, Look look, long nowMs, PropertyLimits limits)
    {
        var seen = status with { Value = look.Value };
        return look.Kind switch
        {
            LookKind.Same => Right(seen),
            LookKind.Impossible => Fail(seen, look.Detail),
            _ => status.State == PropertyState.Failed ? Failed(seen, look, nowMs, limits) : Wrong(Begin(seen, look, nowMs, limits), look, nowMs, limits, status.State),
        };
    }

    /// <summary>After something was done about it.</summary>
    /// <param name="status">How far it was.</param>
    /// <param name="problem">Why it could not be done; null: it was.</param>
    /// <param name="nowMs">The uptime.</param>
    /// <param name="limits">Of its kind.</param>
    public static PropertyStatus Acted(PropertyStatus status, string? problem, long nowMs, PropertyLimits limits) => status with
    {
        Attempts = status.Attempts + 1,
        NotBeforeMs = nowMs + ((long)limits.FirstPause.TotalMilliseconds << Math.Min(status.Attempts, MostDoublings)),
        Detail = problem ?? status.Detail,
    };

    /// <summary>When it has to be looked at, at the latest, whatever happens or not; null when nothing is awaited.</summary>
    public static long? WakeMs(PropertyStatus status, PropertyLimits limits) => status switch
    {
        { State: PropertyState.Converged or PropertyState.Failed } => null,
        { UntilMs: null } => 0,
        { UntilMs: { } until } => status.Attempts > 0 ? Math.Min(until, status.NotBeforeMs) : until,
    };

    /// <summary>As the restart of the agent finds it: times of another boot or process mean nothing.</summary>
    public static PropertyStatus Restarted(PropertyStatus status) =>
        status with { Attempts = 0, UntilMs = null, NotBeforeMs = 0 };

    private static PropertyStep Right(PropertyStatus status)
    {
        var healed = status.State is PropertyState.Drifted or PropertyState.Failed && status.WasInForce;
        return new PropertyStep(
            status with
            {
                State = PropertyState.Converged,
                WasInForce = true,
                Healed = status.Healed + (healed && status.Healed < uint.MaxValue ? 1u : 0u),
                Attempts = 0,
                UntilMs = null,
                NotBeforeMs = 0,
                Detail = "",
            },
            Acts: false,
            healed ? PropertyNews.Healed : PropertyNews.None);
    }

    /// <summary>Its time runs from when it is first found to be another. What others have to do again after a restart is no drift.</summary>
    private static PropertyStatus Begin(PropertyStatus status, Look look, long nowMs, PropertyLimits limits) => status.UntilMs is null
        ? status with
        {
            State = status.State == PropertyState.Drifted || (status.WasInForce && look.Kind == LookKind.Different) ? PropertyState.Drifted : PropertyState.Converging,
            UntilMs = nowMs + (long)limits.Deadline.TotalMilliseconds,
            Attempts = 0,
            NotBeforeMs = 0,
        }
        : status;

    private static PropertyStep Wrong(PropertyStatus status, Look look, long nowMs, PropertyLimits limits, PropertyState before)
    {
        // What kept the last attempt from helping says more than that it is another.
        var told = status with { Detail = status.Attempts == 0 || status.Detail.Length == 0 || look.Kind == LookKind.Waiting ? look.Detail : status.Detail };
        var isLast = look.Kind == LookKind.Different && limits.Attempts > 0 && status.Attempts >= limits.Attempts && nowMs >= status.NotBeforeMs;
        return nowMs >= status.UntilMs || isLast
            ? Fail(told, told.Detail)
            : new PropertyStep(
                told,
                look.Kind == LookKind.Different && status.Attempts < limits.Attempts && nowMs >= status.NotBeforeMs,
                told.State == PropertyState.Drifted && before != PropertyState.Drifted ? PropertyNews.Drifted : PropertyNews.None);
    }

    private static PropertyStep Failed(PropertyStatus status, Look look, long nowMs, PropertyLimits limits) => new(
        status,
        look.Kind == LookKind.Different && (limits.TriesAgain || status.Attempts < limits.Attempts) && nowMs >= status.NotBeforeMs,
        PropertyNews.None);

    private static PropertyStep Fail(PropertyStatus status, string why)
    {
        var isNew = status.State != PropertyState.Failed;
        return new PropertyStep(
            status with { State = PropertyState.Failed, UntilMs = null, Detail = why }, Acts: false, isNew ? PropertyNews.Failed : PropertyNews.None);
    }
}
