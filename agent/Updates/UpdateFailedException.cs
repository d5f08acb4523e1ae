namespace Messaging.Agent.Updates;

/// <summary>An update cannot go on.</summary>
/// <param name="reason">One of <see cref="Messaging.Updates.Releases.UpdateReasons"/>.</param>
/// <param name="message">The same for people: a sentence.</param>
internal sealed class UpdateFailedException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
