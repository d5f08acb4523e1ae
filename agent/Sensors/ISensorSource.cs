namespace Messaging.Agent.Sensors;

/// <summary>Reads one device. Never asked twice at the same time.</summary>
internal interface ISensorSource
{
    /// <summary>What <see cref="Read"/> gives, in its order.</summary>
    IReadOnlyList<Quantity> Quantities { get; }

    /// <summary>The bus, where a read can hang: the reads of a bus have a thread of their own. Null: reads come back at once.</summary>
    string? Bus { get; }

    /// <summary>Reads all quantities; one that has no value now becomes NaN.</summary>
    /// <exception cref="IOException">Nothing could be read; the message says what and why, for an operator.</exception>
    void Read(Span<double> values);
}
