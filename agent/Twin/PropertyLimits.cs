namespace Messaging.Agent.Twin;

/// <summary>How long and how often a kind of property is tried.</summary>
/// <param name="Deadline">From when it is found to be another until it has failed.</param>
/// <param name="Attempts">How often the agent does something about it in this time.</param>
/// <param name="FirstPause">After the first attempt; doubled after each further one.</param>
/// <param name="TriesAgain">After it has failed, each further look does something about it once more.</param>
internal sealed record PropertyLimits(TimeSpan Deadline, int Attempts, TimeSpan FirstPause, bool TriesAgain);
