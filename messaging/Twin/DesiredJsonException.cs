namespace Messaging.Twin;

/// <summary>The JSON of a desired state has something that it may not have.</summary>
/// <param name="place">Where, such as <c>files./etc/a.mode</c>.</param>
/// <param name="message">What would be right.</param>
public sealed class DesiredJsonException(string place, string message) : Exception(message)
{
    /// <summary>Where.</summary>
    public string Place { get; } = place;
}
