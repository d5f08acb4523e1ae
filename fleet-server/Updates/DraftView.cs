namespace Messaging.FleetServer.Updates;

/// <summary>What waits for signatures, or to be published.</summary>
/// <param name="Role">root or targets.</param>
/// <param name="Digest">SHA-256 of what is signed: stands for exactly this.</param>
/// <param name="Count">Of targets: how many it lists.</param>
/// <param name="Missing">Artifacts that it names and that are not here.</param>
/// <param name="Needs">Whose signatures it needs, all of these.</param>
/// <param name="Complete">Whether it has them.</param>
internal sealed record DraftView(
    string Role, long Version, DateTimeOffset Expires, string Digest, int? Count, IReadOnlyList<string> Missing, IReadOnlyList<NeedView> Needs, bool Complete);
