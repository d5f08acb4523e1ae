namespace Messaging.Agent.Twin;

/// <summary>A program that wants to hear of values. Called under no lock of the caller; quick.</summary>
internal interface IAppWatcher
{
    /// <param name="name">Of the value.</param>
    /// <param name="text">As in the local protocol; null: it is not wanted any more.</param>
    void Tell(string name, string? text);
}
