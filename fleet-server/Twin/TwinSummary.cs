using Messaging.Twin;

namespace Messaging.FleetServer.Twin;

/// <summary>A device's twin in one line.</summary>
internal sealed record TwinSummary(TwinState State, long? DesiredVersion, long? ReportedVersion)
{
    public static readonly TwinSummary None = new(TwinState.None, null, null);

    public static TwinSummary Of(TwinRow row)
    {
        TwinReport? report = null;
        if (row.Report is { } bytes)
        {
            _ = TwinReport.TryDecode(bytes, out report);
        }

        return new TwinSummary(TwinRules.StateOf(row.DesiredVersion, report), row.DesiredVersion, (long?)report?.Version);
    }
}
