namespace Messaging.FleetServer.Commands.Output;

/// <summary>Which bytes a stored piece has.</summary>
/// <param name="Start">The first one's place.</param>
/// <param name="Length">How many.</param>
/// <param name="IsLast">The command wrote nothing after it.</param>
internal readonly record struct OutputSpan(int Start, int Length, bool IsLast)
{
    public int End => Start + Length;
}
