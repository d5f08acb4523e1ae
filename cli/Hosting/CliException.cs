namespace Messaging.Cli.Hosting;

/// <summary>It is refused or does not work. The message is one line that says what is wrong and what to do.</summary>
/// <param name="message">For people.</param>
/// <param name="code">One of <see cref="ExitCodes"/>.</param>
internal sealed class CliException(string message, int code = ExitCodes.Failed) : Exception(message)
{
    public int Code { get; } = code;

    /// <summary>What a server has answered; null when it is not that.</summary>
    public System.Net.HttpStatusCode? Status { get; init; }
}
