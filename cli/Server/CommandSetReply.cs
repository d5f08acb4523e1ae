using System.Globalization;
using System.Text.Json.Serialization;

namespace Messaging.Cli.Server;

/// <summary>A command to many devices as the server answers it.</summary>
/// <param name="Size">How many devices it addresses.</param>
/// <param name="Totals">How many of them are how far, by state.</param>
internal sealed record CommandSetReply(string? Id, string? Type, int Size, IReadOnlyDictionary<string, int>? Totals)
{
    private const string EndedKey = "ended";

    [JsonIgnore]
    public bool HasEnded => Count(EndedKey) >= Size;

    [JsonIgnore]
    public bool IsDone => Count("done") == Size;

    /// <summary><c>4990 done, 8 failed, 2 waiting of 5000</c></summary>
    [JsonIgnore]
    public string ProgressLine => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(", ", (Totals ?? new Dictionary<string, int>()).Where(static pair => pair.Value > 0 && pair.Key != EndedKey).OrderByDescending(static pair => pair.Value).Select(static pair => $"{pair.Value} {pair.Key}"))} of {Size}");

    private int Count(string state) => Totals?.GetValueOrDefault(state) ?? 0;
}
