namespace Messaging.Agent.Logs.Files;

/// <summary>A line that was too long, or that did not end in time, comes in parts: the attribute <c>log.line.part</c>.</summary>
internal enum LinePart
{
    Whole,
    Begin,
    Middle,
    End,
}
