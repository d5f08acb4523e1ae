namespace Messaging.Cli.Artifacts;

/// <param name="By">Who that is, for people.</param>
/// <param name="Threshold">How many must sign.</param>
/// <param name="Keys">Of these.</param>
/// <param name="SignedBy">Ids of those that have.</param>
internal sealed record NeedReply(string? By, int Threshold, IReadOnlyList<RepositoryKeyReply>? Keys, IReadOnlyList<string>? SignedBy);
