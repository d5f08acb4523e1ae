namespace Messaging.FleetServer.Validation;

/// <summary>Somebody's input is out of its limits. The message is for that somebody: what is wrong and what would be right.</summary>
/// <param name="field">The field as the caller names it ("tags").</param>
/// <param name="message">Without the field's value.</param>
internal sealed class InvalidInputException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;
}
