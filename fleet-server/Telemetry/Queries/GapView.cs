using System.Globalization;

namespace Messaging.FleetServer.Telemetry.Queries;

/// <summary>A range of records that will never come, as the API shows it.</summary>
/// <param name="Stream">metrics, logs, events, or the number of a stream without a name.</param>
internal sealed record GapView(string EpochId, string Stream, long FromSeq, long ToSeq, string Reason, DateTimeOffset ReportedAt)
{
    public static GapView Of(StoredGap gap) => new(
        gap.EpochId, Word(gap.Stream), gap.FromSeq, gap.ToSeq, gap.Reason, DateTimeOffset.FromUnixTimeMilliseconds(gap.RecordedAt));

    private static string Word(int stream) => stream switch
    {
        1 => "metrics",
        2 => "logs",
        3 => "events",
        _ => stream.ToString(CultureInfo.InvariantCulture),
    };
}
