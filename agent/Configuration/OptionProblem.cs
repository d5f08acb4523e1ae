namespace Messaging.Agent.Configuration;

/// <summary>One thing that is wrong with the configuration.</summary>
/// <param name="Key">The option, <c>Section:Key</c>.</param>
/// <param name="What">What is wrong, and what would be right.</param>
/// <param name="With">Another option that it does not go together with.</param>
internal sealed record OptionProblem(string Key, string What, string? With = null);
