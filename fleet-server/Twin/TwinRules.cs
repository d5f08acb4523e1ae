using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>What follows from what is wanted and what is reported. Pure.</summary>
internal static class TwinRules
{
    public static readonly IReadOnlyList<string> Words = ["none", "pending", "converged", "converging", "drifted", "failed"];

    private static readonly string[] Kinds = ["setting", "file", "unit", "app"];
    private static readonly string[] States = ["converged", "converging", "drifted", "failed"];

    public static string Word(TwinState state) => Words[(int)state];

    public static string Word(PropertyKind kind) => Kinds[(int)kind];

    public static string Word(PropertyState state) => States[(int)state];

    /// <param name="desired">The version that is wanted; null: none.</param>
    /// <param name="report">The newest; null: none.</param>
    public static TwinState StateOf(long? desired, TwinReport? report)
    {
        if (report is null || (desired is { } version && (ulong)version > report.Version))
        {
            return desired is null ? TwinState.None : TwinState.Pending;
        }

        var worst = TwinState.Converged;
        foreach (var property in report.Properties)
        {
            var state = property.State switch
            {
                PropertyState.Converging => TwinState.Converging,
                PropertyState.Drifted => TwinState.Drifted,
                PropertyState.Failed => TwinState.Failed,
                _ => TwinState.Converged,
            };
            worst = state > worst ? state : worst;
        }

        return worst;
    }

    /// <summary>Reports of a later epoch are newer; of one epoch, the higher number is. A device that lost its numbers begins a new epoch.</summary>
    public static bool IsNewer(TwinRow row, long epochNo, TwinReport report) =>
        row.Report is null || epochNo > row.ReportEpochNo || (epochNo == row.ReportEpochNo && (long)report.ReportNo > row.ReportNo);
}
