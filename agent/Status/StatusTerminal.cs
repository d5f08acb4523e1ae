namespace Messaging.Agent.Status;

/// <summary>Where the screen goes, and what that can show.</summary>
/// <param name="Output">Text goes here.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Lines; null when it is no terminal, and everything is shown.</param>
/// <param name="IsColored">Whether colours are wanted.</param>
internal sealed record StatusTerminal(TextWriter Output, int Width, int? Height, bool IsColored)
{
    private const int FallbackWidth = 100;
    private const int MinimumWidth = 40;
    private const int MaximumWidth = 160;

    /// <summary>A pipe or a file gets plain text; NO_COLOR (no-color.org) and TERM=dumb are respected.</summary>
    public static StatusTerminal OfConsole()
    {
        var isTerminal = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new StatusTerminal(
            Console.Out,
            Console.IsOutputRedirected ? FallbackWidth : Math.Clamp(Console.WindowWidth, MinimumWidth, MaximumWidth),
            isTerminal ? Math.Max(1, Console.WindowHeight) : null,
            isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
    }
}
