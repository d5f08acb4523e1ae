namespace Messaging.FleetServer.Commands;

/// <summary>Either the stored command or the reason why there is none.</summary>
internal sealed record CommandSetCreation(CommandSetView? Set, CommandProblem? Problem);
