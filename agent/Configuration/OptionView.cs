namespace Messaging.Agent.Configuration;

/// <summary>An option as it is in force.</summary>
/// <param name="Key"><c>Section:Key</c>.</param>
/// <param name="Value">As it could be written in the file.</param>
/// <param name="From"><c>default</c>, <c>file</c>, <c>environment</c>, <c>command line</c>, <c>command</c> for an interval that a command set, or <c>desired</c> for what the fleet's desired state has.</param>
/// <param name="Place">File and line, or the variable; absent for a default.</param>
internal sealed record OptionView(string Key, string Value, string From, string? Place);
