namespace Messaging.Cli.Artifacts;

/// <param name="Code">For programs.</param>
/// <param name="Text">For people.</param>
internal sealed record WarningReply(string? Code, string? Text);
