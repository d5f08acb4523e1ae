namespace Messaging.Agent.Configuration;

/// <summary>What is known about an option beside its name.</summary>
/// <param name="Key">As in <c>Section:Key</c>.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Value">Its value among all; null where the user chooses the keys.</param>
/// <param name="Minimum">Smallest number, bytes, or seconds.</param>
/// <param name="Maximum">Greatest number, bytes, or seconds.</param>
/// <param name="Choices">The words of a <see cref="OptionKind.Choice"/>, or those allowed in a list; empty: any.</param>
internal sealed record OptionDescription(
    string Key,
    OptionKind Kind,
    Func<AgentOptions, object?> Value,
    double Minimum = 0,
    double Maximum = double.MaxValue,
    params IReadOnlyList<string> Choices);
