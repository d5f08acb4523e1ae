namespace Messaging.FleetServer.Updates;

/// <summary>Something that somebody has to do something about.</summary>
/// <param name="Code">For programs.</param>
/// <param name="Text">For people: what it is, and what to do.</param>
internal sealed record RepositoryWarning(string Code, string Text);
