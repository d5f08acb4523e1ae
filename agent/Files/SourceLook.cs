using System.Runtime.InteropServices;

namespace Messaging.Agent.Files;

/// <summary>What stands under a name; links are not followed.</summary>
/// <param name="Mark">Which file it is.</param>
/// <param name="IsRegularFile">Neither folder, link, pipe, socket nor device.</param>
/// <param name="Names">How many names it has.</param>
/// <param name="User">Whose it is.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SourceLook(SourceMark Mark, bool IsRegularFile, uint Names, uint User);
