using Microsoft.Extensions.Logging;

namespace Messaging.Agent.Hosting.Logging;

/// <summary>Where the agent's own log goes. Thread-safe.</summary>
internal interface ILogOutput
{
    /// <param name="level">How urgent.</param>
    /// <param name="category">Who says it.</param>
    /// <param name="id">What kind of thing happened.</param>
    /// <param name="message">The text.</param>
    /// <param name="fields">The template's parts, with the template itself.</param>
    /// <param name="exception">Why, or null.</param>
    void Write(
        LogLevel level, string category, EventId id, string message, IReadOnlyList<KeyValuePair<string, object?>>? fields, Exception? exception);
}
