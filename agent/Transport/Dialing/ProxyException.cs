namespace Messaging.Agent.Transport.Dialing;

/// <summary>The proxy cannot be used, or does not want to.</summary>
internal sealed class ProxyException(string message) : IOException(message);
