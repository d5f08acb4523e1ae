namespace Messaging.Cli.Artifacts;

/// <summary>What waits for signatures, or to be published.</summary>
/// <param name="Role">root or targets.</param>
/// <param name="Digest">Stands for exactly this.</param>
/// <param name="Missing">Targets whose artifacts are not there.</param>
/// <param name="Needs">Whose signatures it needs.</param>
/// <param name="Complete">Whether it has them.</param>
internal sealed record DraftReply(
    string? Role, long Version, DateTimeOffset Expires, string? Digest, IReadOnlyList<string>? Missing, IReadOnlyList<NeedReply>? Needs, bool Complete);
