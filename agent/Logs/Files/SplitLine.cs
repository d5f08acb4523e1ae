using System.Runtime.InteropServices;

namespace Messaging.Agent.Logs.Files;

/// <param name="Text">Null: nothing to report of these bytes.</param>
/// <param name="Bytes">Taken from the input, with the newline.</param>
/// <param name="InsideLine">Whether the line goes on after them.</param>
/// <param name="Part">Which part of its line it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SplitLine(string? Text, int Bytes, bool InsideLine, LinePart Part);
