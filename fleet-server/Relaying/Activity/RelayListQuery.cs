using Messaging.FleetServer.Api;

namespace Messaging.FleetServer.Relaying.Activity;

/// <summary>What a list of the relay is asked for. The list moves: of two parts that are read one after the other, an entry may be in both, or in none.</summary>
/// <param name="Search">What entries have in them.</param>
/// <param name="Limit">Entries of a part.</param>
/// <param name="Skip">Entries before the part.</param>
/// <param name="Validation">What is wrong with it.</param>
internal sealed record RelayListQuery(string Search, int Limit, int Skip, ApiValidation Validation)
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private const int MaxSearch = 200;
    private const int MaxSkip = 1_000_000;

    public static RelayListQuery Of(string? search, string? limit, string? cursor)
    {
        var validation = new ApiValidation();
        validation.Require(search is null || search.Length <= MaxSearch, "search", $"Must have at most {MaxSearch} characters.");
        var count = validation.Limit(limit, DefaultLimit, MaxLimit);
        var skip = validation.Number(cursor, "cursor") ?? 0;
        validation.Require(skip <= MaxSkip, "cursor", "Must be the next of an earlier answer.");
        return new RelayListQuery(search ?? "", count, (int)Math.Min(skip, MaxSkip), validation);
    }

    /// <summary>One of the words for an order.</summary>
    public T Order<T>(string? text, T otherwise)
        where T : struct, Enum
    {
        var names = Enum.GetValues<T>().ToDictionary(static order => order.ToString().ToLowerInvariant(), StringComparer.Ordinal);
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        Validation.Require(names.ContainsKey(text), "sort", $"Must be one of {string.Join(", ", names.Keys)}.");
        return names.GetValueOrDefault(text);
    }

    /// <summary>What the next part is asked with.</summary>
    public string? Next(int total) => Skip + Limit < total && Skip + Limit <= MaxSkip ? (Skip + Limit).ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
}
