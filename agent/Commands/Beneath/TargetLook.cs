namespace Messaging.Agent.Commands.Beneath;

/// <summary>By what it is seen that a file was changed.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedNs">Last change of the content.</param>
/// <param name="Mode">Permissions, 0 to 0777 octal.</param>
internal sealed record TargetLook(long Size, long ModifiedNs, int Mode);
