using System.Globalization;
using System.Text.Json.Serialization;

namespace Messaging.Cli.Updates;

/// <summary>How many updates are how far, as the server answers it.</summary>
/// <param name="Overdue">Whose device is silent though its deadline has passed.</param>
/// <param name="States">By state.</param>
internal sealed record UpdateTotalsReply(int Total, int Overdue, IReadOnlyDictionary<string, int>? States)
{
    private static readonly string[] Ends = ["committed", "reverted", "failed", "rejected", "expired", "cancelled", "unknown"];

    [JsonIgnore]
    public bool HasEnded => Ends.Sum(Count) >= Total;

    [JsonIgnore]
    public bool IsCommitted => Count("committed") == Total;

    /// <summary><c>4990 committed, 8 failed, 2 downloading of 5000; 1 overdue</c></summary>
    [JsonIgnore]
    public string ProgressLine => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(", ", (States ?? new Dictionary<string, int>()).Where(static pair => pair.Value > 0).OrderByDescending(static pair => pair.Value).Select(static pair => $"{pair.Value} {pair.Key}"))} of {Total}{(Overdue > 0 ? $"; {Overdue} overdue" : "")}");

    private int Count(string state) => States?.GetValueOrDefault(state) ?? 0;
}
