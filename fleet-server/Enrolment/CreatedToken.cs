namespace Messaging.FleetServer.Enrolment;

/// <summary>A new token with its text, which is shown once and kept nowhere.</summary>
/// <param name="BaseUrl">Where the text says that the server is.</param>
internal sealed record CreatedToken(TokenSnapshot Token, string Text, Uri BaseUrl)
{
    /// <summary>Without the text: it may end in a log.</summary>
    public override string ToString() => $"CreatedToken {Token.Id}";
}
