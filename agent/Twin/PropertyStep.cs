namespace Messaging.Agent.Twin;

/// <summary>What follows from a look.</summary>
/// <param name="Status">How far the property is now.</param>
/// <param name="Acts">The agent has to do something about it now.</param>
/// <param name="News">What people should hear of.</param>
internal sealed record PropertyStep(PropertyStatus Status, bool Acts, PropertyNews News);
