namespace Messaging.Telemetry;

/// <summary>One model for each kind of number in the columns of a <see cref="SeriesBatch"/>.</summary>
internal sealed class ColumnModels
{
    private const int Sizes = 9;

    [ThreadStatic]
    private static ColumnModels? _spare;

    private readonly NumberModel[] _differences = new NumberModel[Sizes];

    private ColumnModels()
    {
        for (var i = 0; i < Sizes; i++)
        {
            _differences[i] = new NumberModel();
        }
    }

    public NumberModel Counts { get; } = new();

    public NumberModel Ids { get; } = new();

    public NumberModel Times { get; } = new();

    public NumberModel Steps { get; } = new();

    public NumberModel Groups { get; } = new();

    public NumberModel Scales { get; } = new();

    public NumberModel Firsts { get; } = new();

    /// <summary>The difference to the value before, by how long the last difference of the same series was.</summary>
    public NumberModel Difference(ulong last) => _differences[Math.Min(64 - (int)ulong.LeadingZeroCount(last), Sizes - 1)];

    /// <summary>Models that have learned nothing, for this thread until it asks for the next.</summary>
    public static ColumnModels Fresh()
    {
        var models = _spare ??= new ColumnModels();
        models.Reset();
        return models;
    }

    private void Reset()
    {
        foreach (var model in (ReadOnlySpan<NumberModel>)[Counts, Ids, Times, Steps, Groups, Scales, Firsts, .. _differences])
        {
            model.Reset();
        }
    }
}
