namespace Messaging.FleetServer.Updates;

/// <summary>Whose signatures a draft needs.</summary>
/// <param name="By">Who that is, for people.</param>
/// <param name="SignedBy">Ids of the keys that have signed.</param>
internal sealed record NeedView(string By, int Threshold, IReadOnlyList<RepositoryKeyView> Keys, IReadOnlyList<string> SignedBy);
