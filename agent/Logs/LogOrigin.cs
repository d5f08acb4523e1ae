namespace Messaging.Agent.Logs;

/// <param name="Kind">The numbers go over the wire.</param>
/// <param name="Name">The file's path, or the unit or identifier of the journal entry.</param>
internal sealed record LogOrigin(LogOriginKind Kind, string Name);
