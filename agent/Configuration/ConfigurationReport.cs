namespace Messaging.Agent.Configuration;

/// <summary>The answer of <c>config check --json</c>.</summary>
/// <param name="Valid">Whether the agent would start with it.</param>
/// <param name="File">The file that was read, or would be if it were there; absent when the file itself is what is wrong.</param>
/// <param name="FileExists">The default file may be missing.</param>
/// <param name="Problems">Everything that is wrong: where, which option, what, and what would be right.</param>
/// <param name="Hints">What is right and may not do what was meant.</param>
internal sealed record ConfigurationReport(
    bool Valid, string? File, bool FileExists, IReadOnlyList<string> Problems, IReadOnlyList<string> Hints);
