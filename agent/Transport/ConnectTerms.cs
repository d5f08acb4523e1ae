namespace Messaging.Agent.Transport;

/// <summary>How one connection is to be made.</summary>
/// <param name="Timeout">How long that may take.</param>
/// <param name="KeepAlive">How often it shows that it lives.</param>
internal sealed record ConnectTerms(TimeSpan Timeout, TimeSpan KeepAlive);
