namespace Messaging.FleetServer.Updates;

/// <summary>Keys of which some sign together.</summary>
/// <param name="Threshold">How many must sign.</param>
/// <param name="Keys">Of these.</param>
internal sealed record KeyRoleView(int Threshold, IReadOnlyList<RepositoryKeyView> Keys);
