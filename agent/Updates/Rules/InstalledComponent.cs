namespace Messaging.Agent.Updates.Rules;

/// <param name="Version">Of the release.</param>
/// <param name="Counter">Of the release; -1 when it came in another way.</param>
/// <param name="Sha256">Of its content, 64 lower-case hexadecimal digits; empty when it is not known.</param>
internal sealed record InstalledComponent(string Version, long Counter, string Sha256);
