namespace Messaging.Twin;

/// <summary>An option of the agent as it is wanted.</summary>
/// <param name="Key"><c>Section:Key</c>.</param>
/// <param name="Value">As in the configuration file.</param>
public sealed record DesiredSetting(string Key, string Value);
