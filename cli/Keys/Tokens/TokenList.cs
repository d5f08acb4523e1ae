namespace Messaging.Cli.Keys.Tokens;

/// <param name="Tokens">Those that were found.</param>
internal sealed record TokenList(IReadOnlyList<TokenView> Tokens);
