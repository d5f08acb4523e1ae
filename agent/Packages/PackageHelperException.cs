namespace Messaging.Agent.Packages;

/// <summary>The helper for packages does not answer, or not to the end.</summary>
/// <param name="message">For people.</param>
/// <param name="wasAsked">It may have been asked: what it does goes on.</param>
internal sealed class PackageHelperException(string message, bool wasAsked) : Exception(message)
{
    public bool WasAsked { get; } = wasAsked;
}
