namespace Messaging.Agent.Local;

/// <summary>A word of a line: <c>word</c>, <c>"a text"</c>, <c>key=value</c> or <c>key="a text"</c>.</summary>
/// <param name="Text">All of it, without quotes.</param>
/// <param name="Key">What stands before an = outside of quotes, or null.</param>
internal readonly record struct LineToken(string Text, string? Key)
{
    /// <summary>What stands after the key's =.</summary>
    public string Value => Key is null ? Text : Text[(Key.Length + 1)..];
}
